"""Scripts with habits that have nothing to do with training, each run in a process of its own."""


def test_any_number_of_lines_cost_no_more_than_their_end(run_well):
    report = run_well("for n in range(200_000): print(n)")
    assert len(report.output) == 65_536
    assert report.output.endswith("199998\n199999\n")


def test_questions_waiting_and_arguments(run_well):
    report = run_well(
        """
        import sys, time
        from time import sleep
        began = time.monotonic()
        time.sleep(1000); sleep(seconds) if (seconds := 1000.5) else None
        result = [int(input("How many? ")), input("Sure (y/n)?"), sys.stdin.readline(), sys.argv[1:], time.monotonic() - began < 100]
        try:
            time.sleep(-1)
        except ValueError as error:
            result.append(str(error))
        try:
            while True: input("more")
        except EOFError as error:
            result.append(str(error))
        print("to the end", file=sys.stderr)
        """,
        arguments=["--epochs", "3"],
    )
    assert report.result == [
        1, "y", "1\n", ["--epochs", "3"], True, "sleep length must be non-negative", "EOF when reading a line",
    ]  # fmt: skip
    assert report.output.startswith("How many? \nSure (y/n)?\n")
    assert report.output.endswith("to the end\n")
    assert report.asked == 1000


def test_plots_are_computed_but_neither_shown_nor_saved(run_well):
    report = run_well(
        """
        import io, os
        import matplotlib
        matplotlib.use("TkAgg")
        import matplotlib.pyplot as plt
        fig, (left, right) = plt.subplots(1, 2)
        line, = left.plot([1, 2, 3])
        counts, *_ = plt.hist([1, 1, 2], bins=2)
        plt.get_current_fig_manager().window.showMaximized()
        plt.ion(); plt.show(block=True); plt.pause(100); plt.draw(); plt.savefig("a.png"); fig.savefig("b.png"); fig.show()
        memory = io.BytesIO(); fig.savefig(memory, format="png")
        result = [counts.tolist(), len(line.get_xdata()), os.listdir("."), len(memory.getvalue()) > 1000, plt.get_backend().lower()]
        """
    )
    assert report.result == [[2.0, 1.0], 3, ["train.py"], True, "agg"]
    assert report.stand_ins == []


def test_plots_can_be_left_out_altogether(run_well):
    report = run_well(
        """
        import sys
        import matplotlib.pyplot as plt
        from matplotlib import animation, cm
        from mpl_toolkits.mplot3d import Axes3D
        import matplotlib.ticker as ticker
        plt.xlabel("epoch", FontSize=20); plt.plot([1], marker=""); plt.show()
        result = [type(plt).__name__, "numpy.linalg" in sys.modules]
        """,
        plots=False,
    )
    assert report.result[0] == "StandInModule"
    assert report.stand_ins == ["matplotlib", "mpl_toolkits"]


def test_what_is_not_installed_and_only_shows_things_is_stood_in_for(run_well):
    report = run_well(
        """
        import importlib.util
        from IPython.display import clear_output, display
        from IPython import get_ipython
        import seaborn as sns
        sns.set(); clear_output(wait=True); display("x")
        missing = [name for name in ("IPython", "seaborn") if type(__import__(name)).__name__ == "StandInModule"]
        try:
            import no_such_module_anywhere
        except ModuleNotFoundError as error:
            result = [missing, error.name]
        get_ipython().run_line_magic("matplotlib", "inline")
        """
    )
    missing, name = report.result
    assert report.stand_ins == missing
    assert name == "no_such_module_anywhere"


def test_the_names_a_notebook_has(run_well):
    report = run_well(
        """
        get_ipython().run_line_magic("matplotlib", "inline")
        display([1, 2])
        result = __name__
        """
    )
    assert report.result == "__main__"


def test_modules_beside_the_script_are_found_but_replace_none_of_ours(start):
    started = start("import helper; result = [helper.value, __file__]")
    started.child.close()
    (started.folder / "helper.py").write_text("value = 3")
    (started.folder / "json.py").write_text("raise SystemError('this is not the json you are looking for')")
    again = start("import helper; result = helper.value")
    assert again.child.receive(20)["error"].endswith("ModuleNotFoundError: No module named 'helper'\n")


def test_sockets_of_the_own_machine_work_for_asyncio(run_well):
    report = run_well("import asyncio\nasync def f(): await asyncio.sleep(0); return 1\nresult = asyncio.run(f())")
    assert report.result == 1
