"""Run folders: named, written whole, never over anything by accident."""

import re
from datetime import datetime
from pathlib import Path

import pytest

from unstuck.cli.runs import NewRun, choose_folder, new_run
from unstuck.errors import FileError

TODAY = datetime.now().astimezone().date().isoformat()


def hidden():
    return [path for path in Path().rglob(".*") if path.name != "."]


def test_names(folder):
    assert choose_folder(None, "xor", force=False) == Path(f"runs/xor-{TODAY}-1")
    (folder / "runs" / f"xor-{TODAY}-1").mkdir(parents=True)
    assert choose_folder(None, "xor", force=False) == Path(f"runs/xor-{TODAY}-2")
    assert choose_folder(None, "parity:5", force=True) == Path(f"runs/parity5-{TODAY}-1")
    assert choose_folder(None, "/data/my table.csv", force=False) == Path(f"runs/my table-{TODAY}-1")
    assert len(choose_folder(None, "x" * 300, force=False).name) == 60 + len(f"-{TODAY}-1")
    assert choose_folder("mine", "xor", force=False) == Path("mine")


def test_runs_are_numbered(unstuck, runs):
    for _ in range(3):
        assert unstuck("train or").status == 0
    assert runs() == [f"runs/or-{TODAY}-{number}" for number in (1, 2, 3)]
    assert hidden() == []


def test_an_existing_run_is_replaced_only_with_force(unstuck):
    assert unstuck("train or --run here --seed 1").status == 0
    before = Path("here/model.safetensors").read_bytes()
    assert unstuck("train or --run here --seed 2") == (
        2,
        "",
        "Error: run folder here already exists. Choose another name, or use --force to replace it.\n",
    )
    assert Path("here/model.safetensors").read_bytes() == before
    assert unstuck("train or --run here --seed 2 --force").status == 0
    assert Path("here/model.safetensors").read_bytes() != before
    assert hidden() == []


def test_a_failing_training_leaves_the_old_run_alone(unstuck):
    assert unstuck("train or --run here").status == 0
    before = {path.name: path.read_bytes() for path in Path("here").iterdir()}
    assert unstuck("train or --run here --force --monitor f1 --class-weight balanced --validation 0.1").status == 2
    assert {path.name: path.read_bytes() for path in Path("here").iterdir()} == before
    assert hidden() == []


def test_pictures_of_a_run_are_part_of_it(unstuck):
    assert unstuck("train or --run here").status == 0
    Path("here/loss.png").touch()
    assert unstuck("train or --run here --force ").status == 0
    assert not Path("here/loss.png").exists()


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (".", ". is the folder you are in, or one above. Give the run a folder of its own."),
        ("..", ".. is the folder you are in, or one above. Give the run a folder of its own."),
        ("", ". is the folder you are in, or one above. Give the run a folder of its own."),
        ("file", "file is a file, expected a folder for the run."),
        ("full", "full holds something else than a run (notes, other), so --force does not replace it."),
        ("half", "half holds something else than a run (no run.json), so --force does not replace it."),
    ],
)
def test_folders_that_cannot_be(unstuck, given, message):
    Path("file").touch()
    for name in ("full/run.json", "full/notes", "full/other", "half/model.safetensors"):
        Path(name).parent.mkdir(exist_ok=True)
        Path(name).touch()
    before = sorted(Path().rglob("*"))
    assert unstuck("train or --force --run", given) == (2, "", f"Error: {message}\n")
    assert sorted(Path().rglob("*")) == before


def test_where_nothing_can_be_written(unstuck):
    Path("file").touch()
    assert unstuck("train or --run file/a/b") == (2, "", "Error: cannot make file/a/b: file/a is not a folder.\n")
    status, out, err = unstuck("train or --run /proc/nothing/here")
    assert (status, out) == (2, "")
    assert err == "Error: cannot write into /proc/nothing: No such file or directory\n"
    status, _, err = unstuck("train or --run", "x" * 300)
    assert status == 3
    assert err.endswith(": File name too long\n")
    Path("runs").touch()
    assert unstuck("train or").err.endswith("runs is not a folder.\n")


def test_a_folder_that_refuses_is_found_out_before_the_training(unstuck, monkeypatch):
    def refuse(**_settings):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("unstuck.cli.runs.tempfile.mkdtemp", refuse)
    assert unstuck("train or --run deep/here") == (3, "", "Error: cannot write into deep: Permission denied\n")


def test_an_empty_folder_is_taken(unstuck):
    Path("here").mkdir()
    assert unstuck("train or --run here").status == 0
    assert Path("here/run.json").exists()
    assert hidden() == []


def test_missing_parents_are_made_and_taken_away_again_if_nothing_comes_of_it(unstuck):
    assert unstuck("train or --run a/b/c").status == 0
    assert unstuck("train or --run d/e/f --optimizer lm --clip-norm 1").status == 2
    with pytest.raises(KeyboardInterrupt), new_run(Path("g/h/i")):
        raise KeyboardInterrupt
    assert [path.name for path in Path().iterdir()] == ["a"]


@pytest.fixture
def saved():
    """Save a run without a training."""

    def save(run):
        run._appear({"result": {}})
        return run.folder

    return save


def test_a_name_taken_in_the_meantime_is_not_overwritten(unstuck, saved):
    with new_run(Path("here")) as run:
        assert unstuck("train or --run here").status == 0
        model = Path("here/model.safetensors").read_bytes()
        assert saved(run) == Path("here-2")
    assert Path("here/model.safetensors").read_bytes() == model
    assert Path("here-2/run.json").read_text() == '{\n "result": {\n  "run": "here-2"\n }\n}\n'
    assert hidden() == []


def test_what_is_replaced_comes_back_if_the_new_run_cannot_appear(unstuck, monkeypatch):
    assert unstuck("train or --run here").status == 0
    before = Path("here/run.json").read_bytes()

    def refuse(_run, _about):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(NewRun, "_appear", refuse)
    assert unstuck("train or --run here --force --json").err.endswith(
        "Error: cannot write here: No space left on device\n"
    )
    assert Path("here/run.json").read_bytes() == before
    assert hidden() == []


def test_a_name_that_cannot_be_taken_is_an_error(monkeypatch):
    def refuse(*_arguments):
        raise OSError(28, "No space left on device")

    with new_run(Path("here")) as run:
        monkeypatch.setattr(Path, "rename", refuse)
        with pytest.raises(OSError, match=re.escape("No space left")):
            run._appear({"result": {}})
    assert list(Path().iterdir()) == []


def test_a_folder_that_cannot_be_read(monkeypatch):
    def refuse(*_arguments):
        raise PermissionError(13, "Permission denied")

    Path("here").mkdir()
    monkeypatch.setattr(Path, "iterdir", refuse)
    with pytest.raises(FileError, match=r"^cannot read here: Permission denied$"):
        choose_folder("here", "xor", force=False)
