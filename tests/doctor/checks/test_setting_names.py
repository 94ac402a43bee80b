import pytest

from unstuck.doctor.checks.setting_names import is_rate, is_setting


@pytest.mark.parametrize(
    "name", ["lr", "LR", "learning_rate", "LearningRate", "alpha", "eta0", "lernrate", "xuexilv", "学习率"]
)
def test_rates(name):
    assert is_rate(name)
    assert is_setting(name)


@pytest.mark.parametrize(
    "name",
    [
        *(
            "epochs",
            "n_epochs",
            "NUM_EPOCHS",
            "max_iter",
            "batch_size",
            "momentum",
            "beta_1",
            "beta2",
            "hidden_size",
            "n_hidden",
        ),
        *("lambda_", "weight_decay", "dropout_rate", "epochen", "traegheit", "lunshu", "picidaxiao", "轮数", "批大小"),
    ],
)
def test_other_settings(name):
    assert is_setting(name)
    assert not is_rate(name)


@pytest.mark.parametrize(
    "name", ["test_X", "x", "epoch", "m", "S", "hidden_layer", "accuracy", "l1", "loss", "seed", "bias", ""]
)
def test_what_is_no_setting(name):
    assert not is_setting(name)
