"""What people call the settings of a training, in English, German, and Chinese with and without pinyin."""

from __future__ import annotations

import re

_RATES = frozenset(
    [
        *("alpha", "eta", "learningrate", "learnrate", "lr", "rate", "stepsize"),
        *("lernrate", "schrittweite"),
        *("buchang", "xuexilu", "xuexilv", "xuexisulu", "xuexisulv", "学习率", "步长"),
    ]
)

_OTHERS = frozenset(
    [
        *("epochcount", "epochs", "maxepoch", "maxepochs", "nepoch", "nepochs", "noepochs", "numepoch", "numepochs"),
        *(
            "numberofepochs",
            "trainingepochs",
            "iterations",
            "iters",
            "maxiter",
            "maxiterations",
            "maxiters",
            "nbepochs",
        ),
        *("nbiterations", "niter", "niterations", "niters", "numiter", "numiterations", "numiters", "trainingsteps"),
        *("numberofiterations", "numsteps", "nsteps", "maxsteps"),
        *("batchsize", "minibatchsize", "sizeofbatch", "nbatch"),
        *(
            "momentum",
            "mu",
            "beta",
            "gamma",
            "rho",
            "decay",
            "decayrate",
            "learningratedecay",
            "lrdecay",
            "weightdecay",
        ),
        *("hidden", "hiddencount", "hiddendim", "hiddenlayersize", "hiddenneurons", "hiddennodes", "hiddensize"),
        *("hiddenunits", "layersize", "nh", "nhidden", "nhid", "nneurons", "nunits", "numhidden", "numhiddenunits"),
        *("numneurons",),
        *("dropout", "dropoutrate", "keepprob", "patience"),
        *("lam", "lambd", "lambda", "lmbd", "lmbda", "reg", "reglambda", "regrate", "regstrength", "regularization"),
        *("regularisation", "l1reg", "l2reg", "regparam"),
        *(
            "anzahlepochen",
            "durchlaeufe",
            "epochen",
            "iterationen",
            "maxepochen",
            "anzahliterationen",
            "anzahlschritte",
        ),
        *("batchgroesse", "stapelgroesse", "impuls", "traegheit", "neuronenversteckt", "verborgene", "versteckte"),
        *("versteckteneuronen", "verborgeneneuronen", "regularisierung", "verfall"),
        *("cishu", "diedaicishu", "lunshu", "xunliancishu", "xunlianlunshu", "zuidadiedaicishu"),
        *("picidaxiao", "piliangdaxiao", "dongliang", "yincangceng", "yincangcengdaxiao", "yincangcengshu"),
        *("yincangdanyuan", "yincangjiedian", "yincengjiedian", "yinceng", "zhengzehua", "zhengzehuaxishu"),
        *("shuaijian", "shuaijianlv", "shuaijianlu"),
        *(
            "动量",
            "批大小",
            "批次大小",
            "批量大小",
            "正则化",
            "衰减",
            "训练次数",
            "训练轮数",
            "轮数",
            "迭代次数",
            "隐藏层",
            "隐藏层大小",
        ),
    ]
)


def is_rate(name: str) -> bool:
    """Whether a name says that it is the learning rate.

    >>> is_rate("LEARNING_RATE"), is_rate("lr0"), is_rate("test_X")
    (True, True, False)
    """
    return _plain(name) in _RATES


def is_setting(name: str) -> bool:
    """Whether a name says that it steers the training.

    >>> is_setting("n_epochs"), is_setting("beta_1"), is_setting("hidden_layer_output")
    (True, True, False)
    """
    return _plain(name) in _RATES | _OTHERS


def _plain(name: str) -> str:
    return re.sub(r"\d+$", "", name.lower().replace("_", ""))
