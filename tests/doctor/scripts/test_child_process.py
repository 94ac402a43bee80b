"""Whatever a script does, its controller hears of it in time, and nothing of it is left."""

import os
import subprocess
import sys
import textwrap
import threading
import time

import numpy as np
import pytest

from unstuck.doctor.scripts import process_limits, processes
from unstuck.doctor.scripts.child_environment import child_environment
from unstuck.doctor.scripts.child_process import ChildProcess
from unstuck.doctor.scripts.process_limits import Limits
from unstuck.doctor.scripts.processes import MARKER, session_processes

ECHO = """
from unstuck.doctor.scripts import pipes
channel = pipes.open_channel()
while True:
    channel.send({"echo": channel.receive()})
"""

BUSY = "while True: pass"
DEAF = (
    "import signal; signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals()); print('deaf', flush=True)\n"
    + BUSY
)


@pytest.fixture
def child():
    children = []

    def start(text, **settings):
        children.append(ChildProcess(["-c", text], **settings))
        return children[-1]

    yield start
    for process in children:
        process.close()
        assert session_processes(process.marker) == set()


def is_gone(process, within=5.0):
    """Whether a process ends in time; one that only waits to be reaped, which is up to the system, has ended."""
    deadline = time.monotonic() + within
    while running := process in {entry.pid for entry in processes._table()}:
        if time.monotonic() > deadline:
            break
        time.sleep(0.01)
    return not running


def test_messages_go_both_ways(child):
    process = child(ECHO)
    for number in range(20):
        process.send({"n": number, "w": np.arange(number)})
        echo = process.receive(10)["echo"]
        assert echo["n"] == number
        assert echo["w"].tolist() == list(range(number))


def test_a_message_larger_than_a_pipe_holds_does_not_block(child):
    process = child(BUSY)
    for _ in range(3):
        process.send({"w": np.ones(1_000_000)})
    with pytest.raises(TimeoutError, match=r"^the process sent no message within 0\.01 seconds$"):
        process.receive(0.01)


def test_a_late_message_is_not_lost_and_the_next_one_in_its_place(child):
    process = child(
        """
import io, sys, threading
from unstuck.doctor.scripts import pipes
from unstuck.doctor.scripts.messages import Channel
channel = pipes.open_channel()
stream = io.BytesIO()
Channel(stream, stream).send({"n": 1})
content = stream.getvalue()
channel._writer.write(content[:11]); channel._writer.flush()
channel.receive()
channel._writer.write(content[11:]); channel._writer.flush()
channel.send({"n": 2})
channel.receive()
"""
    )
    for timeout in (0.0, 0.3):
        with pytest.raises(TimeoutError):
            process.receive(timeout)
    process.send({"go": "on"})
    assert process.receive(10) == {"n": 1}
    assert process.receive(10) == {"n": 2}


@pytest.mark.parametrize(
    ("text", "ending"),
    [
        ("import os; os._exit(3)", "the process has ended with exit code 3"),
        ("import os; os.abort()", "the process was killed by signal 6 (SIGABRT)"),
        ("import os; os.kill(os.getpid(), 40)", "the process was killed by signal 40"),
        ("import os, time; os.closerange(3, 256); time.sleep(60)", "the process has closed its channel and still runs"),
    ],
)
def test_how_it_ended_is_said(child, text, ending):
    process = child(text)
    for _ in range(2):
        with pytest.raises(EOFError) as caught:
            process.receive(10)
        assert str(caught.value) == ending


def test_messages_sent_before_the_end_arrive(child):
    process = child(
        "from unstuck.doctor.scripts import pipes; channel = pipes.open_channel()\n"
        "for n in range(100): channel.send({'n': n})\nimport os; os._exit(0)"
    )
    process.wait(10)
    assert [process.receive(10)["n"] for _ in range(100)] == list(range(100))
    with pytest.raises(EOFError):
        process.receive(10)


def test_noise_in_the_channel_is_told_from_its_end(child):
    process = child(
        "from unstuck.doctor.scripts import pipes; channel = pipes.open_channel()\n"
        "channel._writer.write(b'\\xff' * 64); channel._writer.flush()\n" + BUSY
    )
    for _ in range(2):
        with pytest.raises(
            ValueError, match=r"^the process sent what is no message: a head of \d+ bytes is no message$"
        ):
            process.receive(10)


def test_sending_to_a_dead_process_is_an_error(child):
    process = child("pass")
    process.wait(10)
    process.send({})  # nobody knows yet
    process._broken.wait(10)
    with pytest.raises(BrokenPipeError, match=r"^cannot send to the process: it has ended with exit code 0$"):
        process.send({})


def test_waiting_for_a_process_that_runs_on(child):
    process = child(BUSY)
    assert process.returncode is None
    with pytest.raises(TimeoutError, match=r"^the process still runs after 0\.01 seconds$"):
        process.wait(0.01)
    process.kill()
    assert process.returncode == process.wait() == -9


def test_what_goes_past_python_is_kept_to_the_last_64_kb(child):
    process = child(
        "import os\nfor n in range(2000): os.write(1, b'x' * 99_999 + b'\\n')\nos.write(2, b'the end'); os.abort()",
        environment=child_environment(),
    )
    process.wait(20)
    output = process.output()
    assert 60_000 < len(output) <= 65_536
    assert "the end" in output
    assert "Fatal Python error: Aborted" in output
    assert 'File "<string>", line 3' in output


def test_a_process_that_hears_no_signal_is_killed(child):
    process = child(DEAF)
    while "deaf" not in process.output():
        time.sleep(0.01)
    process.kill()
    assert process.returncode == -9


def test_a_child_inherits_nothing_but_its_channel(child):
    with open(os.devnull) as other:  # noqa: PTH123 (a descriptor is wanted)
        os.set_inheritable(other.fileno(), True)
        process = child(
            "import os\nfrom unstuck.doctor.scripts import pipes; channel = pipes.open_channel()\n"
            "channel.send({'open': os.listdir('/proc/self/fd') if os.path.exists('/proc') else [],"
            "'input': os.read(0, 1).hex(), 'variables': [name for name in os.environ if name == 'UNSTUCK_CHANNEL']})\n"
            + BUSY
        )
        message = process.receive(10)
    assert len(message["open"]) in (0, 6)  # three streams, two pipes, and the folder being listed
    assert message["input"] == ""
    assert message["variables"] == []


DAEMONS = """
import os
from unstuck.doctor.scripts import pipes
channel = pipes.open_channel()
numbers = []
for _ in range(4):
    reading, writing = os.pipe()
    if os.fork() == 0:  # a child that leaves the session, and its own child that leaves that
        os.setsid()
        if os.fork():
            os._exit(0)
        os.setsid()
        os.write(writing, b"%d" % os.getpid())
        while True:
            pass
    numbers.append(int(os.read(reading, 100)))
channel.send({"daemons": numbers})
"""


@pytest.mark.parametrize("last", ["while True: pass", "os._exit(0)"])
def test_daemons_are_found_and_killed(child, last):
    process = child(DAEMONS + last)
    daemons = process.receive(10)["daemons"]
    assert len(daemons) == 4
    process.close()
    assert all(is_gone(daemon) for daemon in daemons)


def test_a_daemon_that_keeps_the_channel_open_does_not_hide_the_end(child):
    process = child(DAEMONS + "os._exit(7)")
    process.receive(10)
    with pytest.raises(EOFError, match="exit code 7"):
        process.receive(10)


def test_processes_that_multiply_are_stopped(child):
    process = child(
        "import os\nfrom unstuck.doctor.scripts import pipes; pipes.open_channel().send({})\n"
        "for _ in range(3): os.fork()\n"
        "for _ in range(100):\n    if os.fork(): os._exit(0)\n"
        "while True: pass"
    )
    process.receive(10)
    time.sleep(0.1)
    process.close()


def test_what_a_process_has_left_behind_is_ended_though_no_look_finds_it(child, monkeypatch):
    process = child(
        "import os, time\nfrom unstuck.doctor.scripts import pipes; pipes.open_channel().send({})\n"
        "for _ in range(50):\n    if os.fork(): os._exit(0)\n    time.sleep(0.005)\n"
        "while True: pass"
    )
    process.receive(10)
    time.sleep(0.05)
    with monkeypatch.context() as each_look_too_late:
        each_look_too_late.setattr(processes, "_environment", lambda _: b"")
        process.close()


CONTROLLER = """
from unstuck.doctor.scripts.child_process import ChildProcess
child = ChildProcess(["-c", '''
from unstuck.doctor.scripts import pipes, process_limits
process_limits.apply()
pipes.open_channel().send({})
while True:
    pass
'''])
child.receive(10)
print(child.pid, flush=True)
while True:
    pass
"""


def test_it_ends_with_its_controller():
    command = [sys.executable, "-c", CONTROLLER]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=child_environment()) as controller:
        child = int(controller.stdout.readline())
        controller.kill()
    assert is_gone(child)


def test_it_ends_with_the_last_reference_to_it():
    process = ChildProcess(["-c", BUSY])
    number, marker = process.pid, process.marker
    del process
    assert is_gone(number)
    assert session_processes(marker) == set()


def test_the_end_of_a_thread_does_not_end_the_children_it_started(child):
    started = []
    text = "from unstuck.doctor.scripts import process_limits; process_limits.apply()\n" + ECHO
    thread = threading.Thread(target=lambda: started.append(child(text)))
    thread.start()
    thread.join()
    started[0].send({"n": 1})
    assert started[0].receive(10) == {"echo": {"n": 1}}


def test_a_program_that_cannot_be_started_leaves_nothing_open(tmp_path):
    next_descriptor = os.dup(0)
    os.close(next_descriptor)
    with pytest.raises(FileNotFoundError):
        ChildProcess(["-c", "pass"], folder=tmp_path / "nowhere")
    assert os.dup(0) == next_descriptor
    os.close(next_descriptor)


def test_the_child_is_told_its_limits(child):
    process = child(
        "import os\nfrom unstuck.doctor.scripts import pipes, process_limits\n"
        "pipes.open_channel().send({'memory': process_limits.Limits.from_environment().memory,"
        f"'controller': os.environ['{process_limits.CONTROLLER}'], 'marker': os.environ['{MARKER}']}})",
        limits=Limits(memory=12345),
    )
    assert process.receive(10) == {"memory": 12345, "controller": str(os.getpid()), "marker": process.marker}


# ---------------------------------------------------------------------- hostile scripts, through all of the sandbox

HOSTILE = {
    "a loop without end": "",
    "a thread without end": """
        import threading
        def turn():
            while True: pass
        threading.Thread(target=turn).start()
        """,
    "signals blocked and the folder deleted": """
        import shutil, signal
        signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
        shutil.rmtree(os.getcwd(), ignore_errors=True)
        """,
    "forks past Python that leave the session": """
        import ctypes
        library = ctypes.CDLL(None)
        for _ in range(10):
            if library.fork() == 0:
                library.setsid()
                if library.fork() == 0:
                    library.pause()
                library._exit(0)
        """,
    "rights taken away": """
        os.makedirs("a/b/c")
        open("a/b/c/d.txt", "w").close()
        for folder in ("a/b/c", "a/b", "a", "."): os.chmod(folder, 0)
        """,
    "links to elsewhere": """
        os.symlink("/", "root")
        os.symlink(os.path.expanduser("~"), "home")
        os.symlink("self", "self")
        """,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_script_runs_out_of_time_and_leaves_nothing(start, name):
    text = textwrap.dedent(HOSTILE[name])
    started = start(f"import os\n{text}\nos.write(1, b'that was it')\nwhile True: pass\n")
    deadline = time.monotonic() + 20
    while "that was it" not in started.child.output() and time.monotonic() < deadline:
        with pytest.raises(TimeoutError):
            started.child.receive(0.01)
    assert "that was it" in started.child.output()


def test_the_controller_cannot_be_killed_by_a_script(run_well):
    report = run_well(
        """
        import ctypes, os
        refused = []
        for call in (lambda: os.kill(os.getppid(), 0), lambda: os.killpg(os.getpgid(os.getppid()), 0)):
            try:
                call()
            except PermissionError:
                refused.append(1)
        result = [len(refused), ctypes.CDLL(None).kill(os.getppid(), 0)]
        """
    )
    assert report.result[0] == 2
    assert not report.walled or report.result[1] == -1


def test_a_crash_below_python_is_a_signal_with_a_line(start):
    started = start("import ctypes\n\nctypes.string_at(0)\n")
    with pytest.raises(EOFError, match="SIGSEGV"):
        started.child.receive(20)
    assert 'train.py", line 3 in <module>' in started.child.output()


def test_endings_that_a_script_survives_are_reported(run):
    report = run(
        """
        import os, sys
        import numpy as np
        def deeper(): deeper()
        result = []
        for attempt in (deeper, lambda: np.ones(10**10), lambda: sys.exit(3)):
            try:
                attempt()
            except BaseException as error:
                result.append(type(error).__name__)
        os.closerange(0, 256)  # the channel is out of the way
        print("still here")
        raise KeyboardInterrupt
        """
    )
    assert report.result == ["RecursionError", "MemoryError", "SystemExit"]
    assert report.output == "still here\n"
    assert report.error.endswith("KeyboardInterrupt\n")
