import sys

import numpy as np
import pytest

from unstuck.doctor.scripts import variables
from unstuck.doctor.scripts.variables import Variable, as_floats, numeric_variables, read, replace, write


def run(text, probe):
    """Run a program that calls ``probe()`` somewhere; the probe is given the frame it was called from."""
    namespace = {"__name__": "__main__", "np": np, "probe": lambda: probe(sys._getframe(1))}
    exec(compile(text, "script", "exec"), namespace)  # noqa: S102 (that is what it is for)
    return namespace


def variables_of(text):
    found = {}
    run(
        text, lambda frame: found.update({str(variable): value for variable, value in numeric_variables(frame).items()})
    )
    return found


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (2, 2.0),
        (2.5, 2.5),
        (np.float32(0.5), 0.5),
        ([1, 2.5], [1.0, 2.5]),
        ([[1, 2], [3, 4]], [[1.0, 2.0], [3.0, 4.0]]),
        ((1, 2), [1.0, 2.0]),
        ([np.ones(2), np.zeros(2)], [[1.0, 1.0], [0.0, 0.0]]),
        (np.array([True, False]), [1.0, 0.0]),
    ],
)
def test_numbers_in_any_container(value, expected):
    assert np.array_equal(as_floats(value), expected)


@pytest.mark.parametrize(
    "value",
    [
        True,
        "1",
        b"1",
        None,
        [],
        ["a"],
        [1, "a"],
        [np.ones(2), np.ones(3)],
        np.array([]),
        1j,
        {"a": 1},
        10**400,
        object(),
    ],
)
def test_what_is_no_number(value):
    assert as_floats(value) is None


def test_variables_are_found_wherever_they_are_kept():
    found = variables_of(
        "w = np.ones((2, 1))\nb = 0.5\np = {'W1': np.zeros(3), 'layers': [{'W': np.ones(2)}, {'W': np.ones(4)}]}\n"
        "class Net:\n    def __init__(self):\n        self.W = np.full(2, 7.0)\nnet = Net()\nprobe()\n"
    )
    assert set(found) == {"w", "b", "p['W1']", "p['layers'][0]['W']", "p['layers'][1]['W']", "net.W"}
    assert np.array_equal(found["net.W"], [7.0, 7.0])


def test_locals_hide_globals_and_self_is_looked_into():
    found = variables_of(
        "w = 1.0\nclass Net:\n    def fit(self):\n        w = 2.0\n        self.v = 3.0\n        probe()\nNet().fit()\n"
    )
    assert {name: float(value) for name, value in found.items()} == {"w": 2.0, "self.v": 3.0}


def test_an_object_is_named_once_and_rings_end():
    found = variables_of("a = np.ones(2)\nb = a\nring = []\nring.append(ring)\nprobe()\n")
    assert list(found) == ["a"]


def test_writing_an_array_reaches_its_aliases_and_views():
    def probe(frame):
        write(frame, Variable("w"), np.array([5.0, 6.0]))

    after = run("w = np.zeros(2); same = w; view = w[1:]\nprobe()\n", probe)
    assert after["same"] is after["w"]
    assert after["view"].tolist() == [6.0]


def test_writing_keeps_types():
    def probe(frame):
        write(frame, Variable("f"), np.array(2.0))
        write(frame, Variable("h"), np.array(2.0))
        write(frame, Variable("l"), np.array([[1.0, 2.0]]))
        write(frame, Variable("t"), np.array([3.0, 4.0]))
        write(frame, Variable("i"), np.array([0.5, 1.5]))
        write(frame, Variable("s"), np.array([9.0]))

    after = run(
        "f = 1.0; h = np.float32(1); l = [[0, 0]]; inner = l[0]; t = (0, 0); i = np.array([1, 2]); s = np.zeros(1, 'f4')\nprobe()\n",
        probe,
    )
    assert after["f"] == 2.0
    assert type(after["h"]) is np.float32
    assert after["inner"] == [1.0, 2.0]
    assert after["t"] == (3.0, 4.0)
    assert after["i"].tolist() == [0.5, 1.5]
    assert after["s"].dtype == np.float64


def test_whole_numbers_may_stay_indices():
    def probe(frame):
        write(frame, Variable("labels"), np.array([2.0, 1.0, 0.0]), keeps_integers=True)
        write(frame, Variable("weights"), np.array([2.0, 0.5, 0.0]), keeps_integers=True)

    namespace = run("labels = np.arange(3)\nweights = np.ones(3)\nprobe()\npicked = np.arange(3.0)[labels]\n", probe)
    assert namespace["picked"].tolist() == [2.0, 1.0, 0.0]
    assert namespace["weights"].tolist() == [2.0, 0.5, 0.0]


def test_lists_of_arrays_are_filled_in_place():
    def probe(frame):
        write(frame, Variable("w"), np.array([[1.0, 2.0], [3.0, 4.0]]))

    after = run("first = np.zeros(2); w = [first, np.zeros(2)]\nprobe()\n", probe)
    assert after["first"].tolist() == [1.0, 2.0]


def test_writing_inside_dictionaries_objects_and_functions():
    def probe(frame):
        write(frame, Variable("p", (("item", "b"),)), np.array(4.0))
        write(frame, Variable("net", (("attribute", "rate"),)), np.array(5.0))
        write(frame, Variable("local"), np.array(6.0))
        write(frame, Variable("outside"), np.array(7.0))

    after = run(
        "outside = 0.0\np = {'b': 1.0}\nclass Net: pass\nnet = Net(); net.rate = 1.0\n"
        "def f():\n    local = 1.0\n    probe()\n    return local\nresult = f()\n",
        probe,
    )
    assert (after["p"]["b"], after["net"].rate, after["result"], after["outside"]) == (4.0, 5.0, 6.0, 7.0)


def test_an_array_with_several_names_is_replaced_under_all_of_them():
    def probe(frame):
        replace(frame, Variable("W"), np.full(2, 7.0))

    after = run("W = first = np.zeros(2); params = [W, np.zeros(2)]; fixed = (W,)\nprobe()\n", probe)
    assert after["params"][0] is after["first"] is after["W"]
    assert after["W"].tolist() == [7.0, 7.0]
    assert after["params"][1].tolist() == after["fixed"][0].tolist() == [0.0, 0.0]


def test_what_is_gone_is_said():
    def probe(frame):
        with pytest.raises(LookupError):
            read(frame, Variable("nothing"))
        with pytest.raises(LookupError):
            read(frame, Variable("w", (("attribute", "x"),)))
        with pytest.raises(LookupError):
            read(frame, Variable("p", (("item", "x"),)))

    run("w = 1.0; p = {}\nprobe()\n", probe)


def test_names_read_like_code():
    assert str(Variable("net", (("attribute", "layers"), ("item", 0), ("item", "W")))) == "net.layers[0]['W']"


def test_what_a_loop_calls_by_a_name_of_its_own_has_another(monkeypatch):
    text = "w = [{'v': np.ones(2)}, {'v': np.zeros(2)}]\nfor a in w:\n    pass\nprobe()"
    assert set(variables_of(text)) == {"w[0]['v']", "a['v']"}
    monkeypatch.setattr(variables, "FLEETING_NAMES", {"a"})
    assert set(variables_of(text)) == {"w[0]['v']", "w[1]['v']"}
