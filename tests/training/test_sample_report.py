"""Each sample's output and cost."""

import numpy as np
import pytest

from unstuck.errors import OptionError
from unstuck.nets import Dense, Network
from unstuck.training.sample_report import SampleReport, sample_table
from unstuck.training.trainer import Trainer


@pytest.fixture
def network():
    net = Network([Dense(2, 1, bias=False)])
    net.parameters[:] = [1, -0.25]
    return net


def test_a_line_for_each_sample(network):
    assert sample_table(network, [[0, 1], [2, 0]], [1, 2]) == (
        "  [0 1] -> [-0.25]  target [1]  cost 1.5625\n  [2 0] -> [2]  target [2]  cost 0"
    )
    assert sample_table(network, [[0, 1]], [1], rounded=True) == (
        "  [0 1] -> [-0.25]  rounded [0]  target [1]  cost 1.5625"
    )


def reports(network, rows=4, epochs=5, **settings):
    x = np.zeros((rows, 2))
    texts = []
    report = SampleReport(x, np.zeros(rows), show=texts.append, **settings)
    Trainer(network, callbacks=[report]).fit(x, np.zeros(rows), epochs)
    return texts


def test_only_at_the_end_by_default(network):
    (text,) = reports(network, rows=1)
    assert text == "outputs at the end\n  [0 0] -> [0]  rounded [0]  target [0]  cost 0"


def test_every_so_many_epochs_and_at_the_first(network):
    texts = reports(network, every=2, rows=1)
    assert texts[0] == "epoch 1   loss 0\n  [0 0] -> [0]  target [0]  cost 0"
    assert [text.splitlines()[0].split("   ")[0] for text in texts] == [
        "epoch 1",
        "epoch 2",
        "epoch 4",
        "outputs at the end",
    ]


def test_twenty_rows_at_the_most(network):
    (text,) = reports(network, rows=50)
    assert len(text.splitlines()) == 21


def test_numbers_in_another_unit(network):
    """As when the data were scaled: inputs and outputs are shown as they were, the cost is that of the scaled ones."""
    table = sample_table(network, [[0, 1]], [1], shown_inputs=[[100, 200]], unit=lambda values: values * 10 + 5)
    assert table == "  [100 200] -> [2.5]  target [15]  cost 1.5625"
    texts = []
    report = SampleReport(
        [[0, 1]], [1], show=texts.append, shown_inputs=[[7, 8]], unit=lambda values: -values, rounded=False
    )
    Trainer(network, optimizer="gd", learning_rate=0.0, callbacks=[report]).fit([[0, 1]], [1], 1)
    assert texts == ["outputs at the end\n  [7 8] -> [0.25]  target [-1]  cost 1.5625"]


def test_prints_by_default(network, capsys):
    Trainer(network, callbacks=[SampleReport([[0, 1]], [1])]).fit([[0, 1]], [1], 1)
    assert capsys.readouterr().out.startswith("outputs at the end\n")


def test_every(error_of):
    assert error_of(OptionError, SampleReport, [[0, 1]], [1], every=-1) == (
        "every must be a whole number of at least 0. Got -1 instead."
    )
