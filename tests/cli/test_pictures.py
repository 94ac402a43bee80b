"""The pictures of ``--plot``."""

from pathlib import Path

import numpy as np
import pytest
from matplotlib.image import imread

import unstuck as us
from unstuck.cli.pictures import OnRawInputs, draw_run
from unstuck.recipes import build_model, recipe_for
from unstuck.training.history import History


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("parity:3", ["loss", "histograms", "confusion"]),
        ("table.csv", ["loss", "histograms", "surface"]),
        ("moons --optimizer gd --learning-rate 1e300", ["loss", "histograms", "regions", "surface", "confusion"]),
    ],
)
def test_which_pictures_are_drawn(unstuck, table, line, names):
    table("regression")
    outcome = unstuck(f"train {line} --plot --run here --epochs 5")
    assert outcome.out.endswith(f"saved here\ndrew {', '.join(f'{name}.png' for name in names)}\n")
    for name in names:
        pixels = imread(f"here/{name}.png")
        assert min(pixels.shape[:2]) > 200
        assert pixels[..., :3].std() > 0.02
    assert len(list(Path("here").glob("*.png"))) == len(names)


def test_with_json_the_line_goes_to_stderr(unstuck, monkeypatch):
    monkeypatch.setattr("unstuck.cli.pictures.draw_run", lambda folder, *_: f"drew into {folder}")
    outcome = unstuck("train or --plot --json --run here")
    assert outcome.json["run"] == "here"
    assert outcome.err.endswith("saved here\ndrew into here\n")


def test_axes_are_in_the_unit_of_the_data():
    data = us.load_data("moons")
    model = build_model(data, recipe_for(data))
    assert OnRawInputs(model).n_in == 2
    np.testing.assert_array_equal(OnRawInputs(model).predict(data.inputs), model.outputs(data.inputs))


def test_a_picture_that_cannot_be_drawn_does_not_cost_the_others(folder):
    data = us.load_data("xor")
    model = build_model(data, recipe_for(data))
    line = draw_run(folder, model, data, History())
    assert line.startswith("drew histograms.png, regions.png, surface.png, confusion.png\nno loss.png: ")
    assert not (folder / "loss.png").exists()
