from concurrent.futures import ThreadPoolExecutor
from itertools import combinations

import matplotlib as mpl
import pytest
from matplotlib.colors import to_rgb
from matplotlib.lines import Line2D
from PIL import ImageColor

from unstuck.plots.style import (
    COLOURS,
    MARKERS,
    add_legend,
    add_note,
    colour,
    house_style,
    in_house_style,
    marker,
    mix,
    new_figure,
)

# Viénot, Brettel and Mollon, Digital video colourmaps for checking the legibility of displays by dichromats, 1999.
_PROTANOPE = ((0.11238, 0.88762, 0.0), (0.11238, 0.88762, -0.0), (0.00401, -0.00401, 1.0))
_DEUTERANOPE = ((0.29275, 0.70725, 0.0), (0.29275, 0.70725, -0.0), (-0.02234, 0.02234, 1.0))


def seen(shade, dichromat):
    linear = [value**2.2 for value in to_rgb(shade)]
    return [max(sum(a * b for a, b in zip(row, linear, strict=True)), 0) ** (1 / 2.2) for row in dichromat]


@pytest.mark.parametrize("dichromat", [_PROTANOPE, _DEUTERANOPE], ids=["protanope", "deuteranope"])
def test_colours_differ_for_the_colour_blind(dichromat):
    for first, second in combinations(COLOURS, 2):
        distance = (
            sum((a - b) ** 2 for a, b in zip(seen(first, dichromat), seen(second, dichromat), strict=True)) ** 0.5
        )
        assert distance > 0.12, (first, second)


def test_colours_and_markers_of_many_classes():
    assert len({colour(index) for index in range(21)}) == 21
    assert colour(21) == colour(0)
    assert len(set(MARKERS)) == len(COLOURS)
    assert marker(8) == MARKERS[1]


@pytest.mark.parametrize("share", [0.0, 0.3, 1.0])
def test_mixing_is_that_of_light_values(share):
    first, second = "#0072b2", "#ffffff"
    expected = [a + share * (b - a) for a, b in zip(ImageColor.getrgb(first), ImageColor.getrgb(second), strict=True)]
    assert ImageColor.getrgb(mix(first, second, share)) == pytest.approx(expected, abs=1)


def test_the_style_does_not_depend_on_the_users_and_is_put_back():
    with mpl.rc_context({"font.size": 30, "axes.grid": False, "svg.hashsalt": "mine"}):
        with house_style("a test"):
            assert (mpl.rcParams["font.size"], mpl.rcParams["axes.grid"]) == (9.0, True)
            assert mpl.rcParams["axes.facecolor"] == mpl.rcParamsDefault["axes.facecolor"]
        assert (mpl.rcParams["font.size"], mpl.rcParams["svg.hashsalt"]) == (30, "mine")


def test_the_style_is_put_back_after_an_error():
    before = dict(mpl.rcParams.copy())

    @in_house_style
    def fail():
        raise KeyError(mpl.rcParams["font.size"])

    with pytest.raises(KeyError, match=r"9\.0"):
        fail()
    assert dict(mpl.rcParams.copy()) == before
    assert fail.__name__ == "fail"


def test_threads_do_not_mix_up_the_settings():
    before = dict(mpl.rcParams.copy())

    @in_house_style
    def look():
        return mpl.rcParams["font.size"]

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda _: look(), range(40))) == [9.0] * 40
    assert dict(mpl.rcParams.copy()) == before


def test_no_note_where_there_is_nothing_to_say():
    figure = new_figure(2, 2)
    add_note(figure, [])
    assert figure.get_supxlabel() == ""


def test_a_long_note_is_wrapped():
    figure = new_figure(2, 2)
    add_note(figure, ["word " * 12, "and more"])
    assert figure.get_supxlabel() == "word word word word word word\nword word word word word word\nand more"


def labels(n, height=3.6):
    figure = new_figure(7, height)
    add_legend(figure, [(Line2D([], []), f"run {index}") for index in range(n)])
    return [text.get_text() for text in figure.legends[0].get_texts()], figure.legends[0]


def test_a_legend_says_how_many_it_leaves_out():
    few, legend = labels(10)
    assert few == [f"run {index}" for index in range(10)]
    assert legend.get_texts()[0].get_size() == 10
    many, legend = labels(100)
    assert many == [*(f"run {index}" for index in range(23)), "and 77 more"]
    assert legend.get_texts()[0].get_size() == 7


@pytest.mark.parametrize(("n", "height"), [(3, 1.0), (15, 3.6), (24, 3.6), (26, 4.8), (200, 3.6), (200, 11.4)])
def test_a_legend_stays_within_its_picture(n, height):
    _, legend = labels(n, height)
    with house_style("a test"):
        legend.figure.draw_without_rendering()
    low, high = legend.get_window_extent().intervaly
    assert 0 <= low < high <= legend.figure.bbox.height


def test_labels_are_taken_as_they_are():
    figure = new_figure(4, 3)
    add_legend(figure, [(Line2D([], []), "_hidden"), (Line2D([], []), "$x^"), (Line2D([], []), "n" * 40)])
    assert [text.get_text() for text in figure.legends[0].get_texts()] == ["_hidden", "$x^", "n" * 15 + "…" + "n" * 14]
    figure.draw_without_rendering()
