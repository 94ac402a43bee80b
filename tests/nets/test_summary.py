"""The summary, to the letter."""

from unstuck.nets import Dense, Dropout, LayerNorm, Network
from unstuck.nets.losses import Focal

EXPECTED = """\
layer  what                     output        parameters                           count
    1  Dropout 0.1              (batch, 784)  -                                        0
    2  Dense 784 -> 128 relu    (batch, 128)  weights (784, 128)  biases (128,)  100,480
    3  LayerNorm 128 silu       (batch, 128)  gain (128,)  shift (128,)              256
    4  Dropout 0.5              (batch, 128)  -                                        0
    5  Dense 128 -> 10 softmax  (batch, 10)   weights (128, 10)                    1,280
input (batch, 784)   loss focal(gamma=1.5)   102,016 parameters   float32   408,064 bytes"""


def test_summary():
    layers = [
        Dropout(0.1),
        Dense(784, 128, "relu"),
        LayerNorm(128, "silu"),
        Dropout(0.5),
        Dense(128, 10, "softmax", bias=False),
    ]
    assert Network(layers, loss=Focal(gamma=1.5), dtype="float32").summary() == EXPECTED


def test_ten_layers_and_more_are_counted_apart():
    """Layer 1 is not also layer 10, 11 and 12."""
    lines = Network([Dense(3, 3) for _ in range(12)]).summary().splitlines()
    assert {line.split()[-1] for line in lines[1:-1]} == {"12"}
    assert lines[-1] == "input (batch, 3)   loss mse   144 parameters   float64   1,152 bytes"


def test_a_prompt_shows_the_table_itself():
    summary = Network([Dense(2, 1)]).summary()
    assert repr(summary) == str(summary)
    assert "\n" in repr(summary)
