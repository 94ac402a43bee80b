import numpy as np
import pytest
from matplotlib.figure import Figure

from unstuck.doctor.scripts.stand_ins import StandIn, StandInModule, TqdmModule


def test_whatever_is_done_to_it():
    plt = StandInModule("matplotlib.pyplot")
    figure = plt.figure(figsize=(3, 4))
    axes = figure.add_subplot(111, projection="3d")
    axes.plot([1], [2], "r-")[0].set_data(1, 2)
    axes.title = "x"
    axes["a"] = 3
    (line,) = axes.plot([1, 2])
    low, high = axes.get_ylim()
    first, *rest = axes.get_lines()
    counts, bins, patches = plt.hist([1, 2])
    with plt.style.context("dark"):
        pass
    assert float((high - low) * 2 / 3 + 1) == 0.0
    assert int(-bins[1:]) == 0
    assert range(5)[axes] == 0
    assert 3 not in axes
    assert not axes
    assert not low > 3
    assert not high <= 3
    assert list(axes) == []
    assert isinstance(line, StandIn)
    assert isinstance(rest, list)
    assert all(isinstance(value, StandIn) for value in (first, counts, patches))


def test_what_no_stand_in_has():
    with pytest.raises(AttributeError, match="__array_interface__"):
        _ = StandIn().__array_interface__
    with pytest.raises(AttributeError, match="__all__"):
        _ = StandInModule("pylab").__all__


def test_a_class_derived_from_one_is_an_ordinary_class():
    formatter = StandInModule("matplotlib.ticker").Formatter

    class Mine(formatter):
        x = 3

    assert Mine().x == 3


@pytest.mark.parametrize(
    ("arguments", "named", "shape"),
    [
        ((), {}, None),
        ((3,), {}, (3,)),
        ((1, 2), {"figsize": (1, 2)}, (2,)),
        ((2, 3), {"sharex": True}, (2, 3)),
        ((), {"nrows": 2, "ncols": 2}, (2, 2)),
        ((1, 1), {"squeeze": False}, (1, 1)),
    ],
)
def test_as_many_axes_as_matplotlib_would_make(arguments, named, shape):
    _, axes = StandInModule("matplotlib.pyplot").subplots(*arguments, **named)
    theirs = Figure().subplots(*arguments, **{name: value for name, value in named.items() if name != "figsize"})
    assert np.shape(theirs) == (shape or ())
    if shape is None:
        axes.plot([1])
    else:
        assert axes.shape == shape
        assert all(isinstance(each, StandIn) for each in axes.flat)


def test_a_figure_makes_axes_too():
    _, axes = StandIn().subplots(2)
    assert axes.shape == (2,)


def test_data_is_never_made_up():
    with pytest.raises(ModuleNotFoundError, match=r"^No module named 'matplotlib'$") as caught:
        _ = StandInModule("matplotlib.pyplot").imread
    assert caught.value.name == "matplotlib"


def test_progress_is_the_iterable_itself():
    tqdm = TqdmModule("tqdm")
    assert list(tqdm.tqdm([3, 4], desc="x")) == [3, 4]
    assert list(tqdm.trange(2, 4, leave=False)) == [2, 3]
    assert list(tqdm.auto.tqdm("ab")) == ["a", "b"]
    with tqdm.tqdm(total=3) as bar:
        bar.update(1)
        bar.set_postfix(loss=1)
        bar.close()
    assert bar
    assert len(tqdm.tqdm([1, 2])) == 2
    tqdm.tqdm.write("text")
