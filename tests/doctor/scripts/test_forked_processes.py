"""Children of the fork server are as those that are started one by one, and nothing is left of any."""

import os
import signal
import time
from pathlib import Path

import pytest

from unstuck.doctor.scripts.child_environment import child_environment
from unstuck.doctor.scripts.child_process import ChildProcess
from unstuck.doctor.scripts.process_limits import Limits
from unstuck.doctor.scripts.processes import MARKER, session_processes
from unstuck.doctor.scripts.warm_processes import warm_processes

pytestmark = pytest.mark.skipif(
    not Path("/proc/self/stat").exists(), reason="looks at processes where Linux shows them"
)

TRAINS = "import os\nfor step in range(1000):\n    w = step\n"


@pytest.fixture
def forked():
    with warm_processes(fork=True) as warm:
        yield warm
    assert session_processes(warm._marker) == set()


@pytest.fixture
def child(forked, tmp_path):
    """Start children that run a text; they are ended in the end."""
    children = []

    def start(text="", **more):
        script = tmp_path / "script.py"
        script.write_text(text)
        taken = forked.take(
            lambda start: ChildProcess(
                ["-m", "unstuck.doctor.scripts.child"], child_environment(tmp_path) | more, tmp_path, Limits(), start
            )
        )
        children.append(taken)
        order = {
            "script": str(script), "workspace": str(tmp_path), "text": text, "arguments": [], "repeat": False,
            "seed_offset": 0, "fork": True, "agent": "scout", "budget": 0.2, "patience": 2.0,
        }  # fmt: skip
        return taken, order

    yield start
    for process in children:
        process.close()
        assert session_processes(process.marker) == set()


def server_of(process):
    return int(Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()[1])


def test_a_child_runs_what_it_is_told_and_reports(child):
    process, order = child(TRAINS)
    process.send(order)
    assert process.receive(10)["reason"] == "ended"
    assert process.wait(5) == 0
    assert "0" in process.ending()


def test_many_children_have_one_parent_and_markers_of_their_own(child):
    processes = [child()[0] for _ in range(5)]
    assert len({server_of(process) for process in processes}) == 1
    assert all(session_processes(process.marker) == {process.pid} for process in processes)
    assert {os.getsid(process.pid) for process in processes} == {process.pid for process in processes}


def test_the_environment_and_the_folder_are_those_asked_for(child, tmp_path):
    text = (
        "import os\nprint(os.environ['GREETING'], os.getcwd())\nraise ValueError(os.environ['GREETING'] + os.getcwd())"
    )
    process, order = child(text, GREETING="good day")
    process.send(order)
    assert process.receive(10)["error"]["message"] == "good day" + str(tmp_path)


def test_the_end_of_one_is_told_and_the_others_go_on(child):
    (first, _), (second, order) = child(), child(TRAINS)
    os.kill(first.pid, signal.SIGSEGV)
    assert first.wait(5) == -signal.SIGSEGV
    assert first.returncode == -signal.SIGSEGV
    assert "SIGSEGV" in first.ending()
    assert second.returncode is None
    second.send(order)
    assert second.receive(10)["reason"] == "ended"


def test_waiting_for_one_that_runs_gives_up_in_time(child):
    process, _ = child()
    began = time.monotonic()
    with pytest.raises(TimeoutError, match=r"still runs after 0\.05 seconds"):
        process.wait(0.05)
    assert time.monotonic() - began < 2.0


def test_what_it_writes_past_python_is_kept(child):
    text = "import ctypes\nctypes.CDLL(None).puts(b'words of a library')\nctypes.CDLL(None).fflush(None)"
    process, order = child(text)
    process.send(order)
    process.receive(10)
    process.wait(5)
    assert "words of a library" in process.output()


def test_where_the_server_is_gone_a_child_is_a_program_of_its_own(child):
    first, _ = child()
    os.kill(server_of(first), signal.SIGKILL)
    assert first.wait(10) < 0  # its children go with it
    process, order = child(TRAINS)
    process.send(order)
    assert process.receive(10)["reason"] == "ended"


def test_descriptors_of_others_are_not_inherited(child):
    for _ in range(3):
        child()
    text = "import os\nopen_now = sorted(int(n) for n in os.listdir('/proc/self/fd'))\nraise ValueError(str(len(open_now)))"
    process, order = child(text)
    process.send(order)
    assert (
        int(process.receive(10)["error"]["message"]) <= 6
    )  # three of every program, the channel's two, and the listing's own


def test_the_server_ends_with_the_block(tmp_path):
    with warm_processes(fork=True) as warm:
        process = warm.take(
            lambda start: ChildProcess(
                ["-m", "unstuck.doctor.scripts.child"], child_environment(tmp_path), tmp_path, Limits(), start
            )
        )
        server = server_of(process)
        environment = Path(f"/proc/{process.pid}/environ").read_text()
        assert f"{MARKER}={process.marker}" in environment
    assert process.wait(5) < 0
    assert server not in session_processes(warm._marker)
    process.close()
