import xml.etree.ElementTree as ET
from io import BytesIO

import matplotlib as mpl
import pytest
from matplotlib import pyplot as plt
from PIL import Image

from unstuck.errors import FileError, OptionError
from unstuck.nets import Dense, Network
from unstuck.plots import (
    Display,
    plot_confusion,
    plot_curves,
    plot_decision_regions,
    plot_histograms,
    plot_rate_search,
    plot_surface,
)

_SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def display():
    return plot_curves([{"epoch": 1, "loss": 2.0}, {"epoch": 2, "loss": 1.0}])


def test_png(display, tmp_path):
    path = display.save(tmp_path / "new" / "loss.PNG")
    assert path == tmp_path / "new" / "loss.PNG"
    assert path.read_bytes().startswith(b"\x89PNG\r\n\x1a\n")
    with Image.open(path) as image:
        image.load()
        assert image.size == (700, 360)


def test_svg(display, tmp_path):
    root = ET.fromstring(display.save(tmp_path / "loss.svg").read_bytes())  # noqa: S314 (what we wrote ourselves)
    assert root.tag == _SVG + "svg"
    assert len(list(root.iter(_SVG + "path"))) > 5
    assert "date" not in ET.tostring(root, encoding="unicode").lower()


def test_other_suffixes(display, tmp_path, error_of):
    assert error_of(OptionError, display.save, "loss.jpg") == (
        "cannot save a picture as 'loss.jpg': expected a name that ends in .png or .svg.\n  Try 'loss.png'."
    )
    assert error_of(OptionError, display.save, tmp_path / "loss").startswith("cannot save a picture as 'loss': ")
    assert error_of(OptionError, display.save, "") == (
        "cannot save a picture as '': expected a name that ends in .png or .svg.\n  Try 'picture.png'."
    )
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["loss.png", "loss.svg"])
def test_what_is_there_is_replaced_only_by_force(display, tmp_path, error_of, name):
    path = tmp_path / name
    path.write_text("mine")
    assert error_of(FileError, display.save, path) == (
        f"{path} already exists. Choose another name, or use --force (force=True) to replace it."
    )
    assert path.read_text() == "mine"
    display.save(path, force=True)
    assert path.stat().st_size > 1000
    assert [entry.name for entry in tmp_path.iterdir()] == [name]


def test_notebooks_get_both(display):
    with Image.open(BytesIO(display._repr_png_())) as image:
        assert image.format == "PNG"
    assert display._repr_svg_().startswith("<?xml")


def test_changes_of_the_figure_are_saved(display):
    before = display._repr_png_()
    display.axes[0].set_title("a title of my own\nin two lines")
    after = display._repr_png_()
    assert after != before
    assert display._repr_png_() == after


def test_a_panel_moved_by_hand_stays_there(display):
    display.axes[0].set_position((0.3, 0.3, 0.4, 0.4))
    display._repr_png_()
    assert display.axes[0].get_position().bounds == pytest.approx((0.3, 0.3, 0.4, 0.4))


class Search:
    rates, losses, smoothed, suggestion = (1e-3, 1e-2, 1e-1), (3.0, 2.0, 8.0), (3.0, 2.0, 8.0), 1e-2


DRAWINGS = {
    "curves": lambda xor: plot_curves({"a": xor.history, "b": xor.history}, title="two runs"),
    "regions": lambda xor: plot_decision_regions(xor.network, xor.inputs, xor.targets, points=40),
    "surface": lambda xor: plot_surface(xor.network),
    "large surface": lambda xor: plot_surface(xor.network, points=60),
    "histograms": lambda xor: plot_histograms(Network([Dense(2, 1, "sigmoid")]), xor.inputs, xor.targets),
    "confusion": lambda xor: plot_confusion(xor.targets, [0, 1, 1, 1]),
    "rates": lambda _: plot_rate_search(Search()),
}


@pytest.mark.parametrize("kind", DRAWINGS)
def test_every_picture_is_written_and_written_again_alike(kind, solved_xor):
    """Whatever was written before, in whatever format, and whatever the user's own settings are."""
    first, second = DRAWINGS[kind](solved_xor), DRAWINGS[kind](solved_xor)
    assert isinstance(first, Display)
    first._repr_png_()
    svg = first._repr_svg_()
    with mpl.rc_context({"svg.hashsalt": None, "font.size": 20, "savefig.facecolor": "red"}):
        assert svg == second._repr_svg_()
    ET.fromstring(svg)  # noqa: S314 (what we wrote ourselves)
    assert len(svg) < 200_000
    assert plt.get_fignums() == []
