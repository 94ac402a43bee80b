import numpy as np

np.random.seed(5)
leibie = 4
meilei = 40
zhongxin = np.array([[2, 0], [0, 2], [-2, 0], [0, -2]])
yangben = np.vstack([zhongxin[i] + np.random.randn(meilei, 2) * 0.6 for i in range(leibie)])
biaoqian = np.repeat(np.eye(leibie), meilei, axis=0)


def softmax(x):
    e = np.exp(x - np.max(x, axis=1, keepdims=True))
    return e / np.sum(e, axis=1, keepdims=True)


def chushihua(n_shuru, n_yin, n_shuchu):
    return {
        "w1": np.random.randn(n_shuru, n_yin) * 0.5,
        "b1": np.zeros(n_yin),
        "w2": np.random.randn(n_yin, n_shuchu) * 0.5,
        "b2": np.zeros(n_shuchu),
    }


def qianxiang(canshu, x):
    yin = np.tanh(np.dot(x, canshu["w1"]) + canshu["b1"])
    shuchu = softmax(np.dot(yin, canshu["w2"]) + canshu["b2"])
    return yin, shuchu


def fanxiang(canshu, x, y, yin, shuchu):
    wucha = 2 * (shuchu - y) / len(x)
    delta2 = wucha * shuchu * (1 - shuchu)
    delta1 = np.dot(delta2, canshu["w2"].T) * (1 - yin ** 2)
    return {
        "w1": np.dot(x.T, delta1),
        "b1": delta1.sum(axis=0),
        "w2": np.dot(yin.T, delta2),
        "b2": delta2.sum(axis=0),
    }


canshu = chushihua(2, 8, leibie)
for lun in range(2000):
    yin, shuchu = qianxiang(canshu, yangben)
    sunshi = np.mean(np.sum((shuchu - biaoqian) ** 2, axis=1))
    tidu = fanxiang(canshu, yangben, biaoqian, yin, shuchu)
    for k in canshu:
        canshu[k] -= 0.5 * tidu[k]
    if lun % 200 == 0:
        zhengque = np.mean(shuchu.argmax(axis=1) == biaoqian.argmax(axis=1))
        print("lun", lun, "sunshi", sunshi, "zhengquelv", zhengque)
