"""Through a child process: the guard cannot be taken away again."""


def test_what_is_written_outside_lands_inside_and_is_found_again(run_well, tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "log.txt").write_text("first\n")
    (outside / "old.txt").write_text("old\n")
    (outside / "kept").mkdir()
    report = run_well(
        f"""
        import os, pathlib, shutil
        import numpy as np
        outside = pathlib.Path({str(outside)!r})
        result = []
        with open(outside / "log.txt", "a") as file: file.write("second\\n")
        result.append(open(outside / "log.txt").read())
        (outside / "old.txt").write_text("new\\n")
        result.append((outside / "old.txt").read_text())
        np.savetxt(outside / "w.txt", np.ones(2)); result.append(np.loadtxt(outside / "w.txt").tolist())
        np.save(outside / "w.npy", np.ones(2)); result.append(np.load(outside / "w.npy").tolist())
        memory = np.memmap(outside / "m.dat", dtype="f8", mode="w+", shape=3); memory[:] = 2; memory.flush()
        result.append(np.memmap(outside / "m.dat", dtype="f8", mode="r").tolist())
        os.makedirs(outside / "a" / "b", exist_ok=True); os.makedirs(outside / "kept", exist_ok=True)
        open(outside / "a" / "b" / "c.txt", "w").close()
        result.append(open(outside / "a" / "b" / "c.txt").read())
        os.remove(outside / "old.txt"); os.remove(outside / "log.txt"); os.rmdir(outside / "kept")
        open("here.txt", "w").write("here"); os.rename("here.txt", outside / "there.txt")
        result.append(open(outside / "there.txt").read())
        os.rename(outside / "there.txt", "back.txt"); result.append(open("back.txt").read())
        for call in (
            lambda: os.remove(outside / "never"),
            lambda: open(outside / "none" / "x.txt", "w"),
            lambda: open(outside, "w"),
            lambda: os.mkdir(outside / "none" / "x"),
            lambda: os.open(outside / "raw.txt", os.O_WRONLY | os.O_CREAT),
            lambda: os.symlink("x", outside / "link"),
            lambda: os.chmod(outside, 0o777),
            lambda: os.truncate(outside / "log.txt", 0),
            lambda: shutil.rmtree(outside),
        ):
            try:
                call()
                result.append("done")
            except OSError as error:
                result.append(type(error).__name__)
        """
    )
    assert report.result[:8] == ["first\nsecond\n", "new\n", [1, 1], [1, 1], [2, 2, 2], "", "here", "here"]
    assert report.result[8:] == [
        "FileNotFoundError",
        "FileNotFoundError",
        "IsADirectoryError",
        "FileNotFoundError",
        *["PermissionError"] * 5,
    ]
    assert sorted(entry.name for entry in outside.iterdir()) == ["kept", "log.txt", "old.txt"]
    assert (outside / "log.txt").read_text() == "first\n"
    assert (outside / "old.txt").read_text() == "old\n"


def test_inside_everything_is_allowed_and_links_out_are_seen_through(run_well, tmp_path):
    data = tmp_path / "data"
    data.mkdir()
    (data / "x.csv").write_text("1,2\n")
    report = run_well(
        """
        import os, shutil, tempfile
        result = [open("../data/x.csv").read()]
        open("../data/x.csv", "w").write("changed")
        result.append(open("../data/x.csv").read())
        os.makedirs("out/deep"); open("out/deep/w.txt", "wb").write(b"1")
        os.rename("out", "out2"); shutil.rmtree("out2")
        os.remove("../data")  # the link, not what it leads to
        result.append(os.path.exists("../data"))
        with tempfile.TemporaryDirectory() as folder: open(os.path.join(folder, "x"), "w").close()
        open(os.devnull, "w").write("x")
        try:
            open("missing.txt")
        except FileNotFoundError as error:
            result.append(str(error))
        result.append(open(0, closefd=False).fileno())
        """
    )
    assert report.result == ["1,2\n", "changed", False, "[Errno 2] No such file or directory: 'missing.txt'", 0]
    assert (data / "x.csv").read_text() == "1,2\n"


def test_code_below_python_meets_a_wall_where_the_system_has_one(run_well, tmp_path):
    target = tmp_path / "victim.txt"
    report = run_well(
        f"""
        import ctypes
        library = ctypes.CDLL(None)
        result = [bool(library.fopen({str(target)!r}.encode(), b"w")), bool(library.fopen(b"inside.txt", b"w"))]
        """
    )
    assert report.result[1]
    assert report.walled == (not report.result[0])
    assert report.walled == (not target.exists())
