import numpy as np
import pytest
from matplotlib.figure import Figure

from unstuck.plots.scales import label_within_decade, percent, use_logarithm, use_whole_numbers


@pytest.fixture
def axes():
    return Figure().add_subplot()


@pytest.mark.parametrize(
    ("values", "is_log"),
    [
        ([1, 10], True),
        ([1, 9.9], False),
        ([0, 10], False),
        ([-1, 10], False),
        ([], False),
        ([3], False),
        ([1e-300, 1e300], True),
    ],
)
def test_when_an_axis_is_logarithmic(axes, values, is_log):
    assert use_logarithm(axes, np.array(values, float)) is is_log
    assert axes.get_yscale() == ("log" if is_log else "linear")


def labels(axes):
    axes.figure.draw_without_rendering()
    both = axes.get_yticklabels() + axes.get_yticklabels(minor=True)
    low, high = axes.get_ylim()
    return {label.get_text() for label in both if low <= label.get_position()[1] <= high} - {""}


def test_few_decades_have_plain_labels(axes):
    axes.plot([0.02, 3])
    use_logarithm(axes, np.array([0.02, 3]))
    assert labels(axes) == {"0.02", "0.05", "0.1", "0.2", "0.5", "1", "2"}


def test_many_decades_have_powers(axes):
    axes.plot([1e-9, 1])
    use_logarithm(axes, np.array([1e-9, 1]))
    assert r"$\mathdefault{10^{-8}}$" in labels(axes)


def test_every_power_of_ten_has_a_label():
    for exponent in range(-300, 300):
        assert float(label_within_decade(10.0**exponent)) == pytest.approx(10.0**exponent)
        assert label_within_decade(3 * 10.0**exponent) == ""


def test_whole_numbers(axes):
    axes.plot([0, 12345], [0, 1])
    use_whole_numbers(axes.xaxis)
    use_whole_numbers(axes.yaxis)
    axes.figure.draw_without_rendering()
    texts = [label.get_text() for label in axes.get_xticklabels()]
    assert {"0", "2,000", "10,000"} <= set(texts)
    assert all(tick == round(tick) for tick in axes.get_yticks())


@pytest.mark.parametrize(
    ("share", "decimals", "text"),
    [
        (0, 0, "0%"),
        (1, 1, "100%"),
        (0.004, 0, "<1%"),
        (0.996, 0, ">99%"),
        (0.0004, 1, "<0.1%"),
        (0.9996, 1, ">99.9%"),
        (0.256, 0, "26%"),
    ],
)
def test_percent(share, decimals, text):
    assert percent(share, decimals) == text
