"""A process that has imported what a child needs, and forks a child whenever it is asked to.

To start Python and NumPy anew takes a third of a second, which a diagnosis would spend dozens of times.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import json
import os
import signal
import socket
from typing import TYPE_CHECKING, NoReturn

import numpy.random  # noqa: F401 (NumPy would import it when a child first asks for it, each child again)

from unstuck.doctor.scripts import child, pipes, process_limits
from unstuck.doctor.scripts.fork_requests import DESCRIPTORS, HEADER, SOCKET
from unstuck.doctor.scripts.processes import MARKER

if TYPE_CHECKING:
    from types import FrameType


def main() -> None:
    """Fork a child for each request until the controller closes the socket."""
    if controller := int(os.environ.get(process_limits.CONTROLLER, "0")):
        process_limits.die_with(controller)
    with socket.socket(fileno=int(os.environ[SOCKET])) as requests:
        requests.set_inheritable(False)
        ForkServer(requests).serve()


class ForkServer:
    """Answers requests for children.

    Args:
        requests: Where they arrive, each with the descriptors of the child: to read from, to write to, for its output, and one on
            which its exit status is to be told.
    """

    def __init__(self, requests: socket.socket) -> None:
        self._requests = requests
        self._statuses: dict[int, int] = {}

    def serve(self) -> None:
        """Answer until there is nobody to ask."""
        signal.signal(signal.SIGCHLD, self._reap)
        gc.freeze()  # what is here already is not looked through again in every child, which would copy its pages
        while True:
            header, descriptors, _, _ = socket.recv_fds(self._requests, HEADER, DESCRIPTORS)
            if len(header) < HEADER:
                return
            self._fork(json.loads(self._receive(int.from_bytes(header, "little"))), descriptors)

    def _receive(self, size: int) -> bytes:
        parts = bytearray()
        while len(parts) < size and (part := self._requests.recv(size - len(parts))):
            parts += part
        return bytes(parts)

    def _fork(self, request: dict[str, object], descriptors: list[int]) -> None:
        server = os.getpid()
        try:
            process = os.fork()
        except OSError:  # too many processes: the controller starts one by other means, or says what is the matter
            self._requests.sendall(bytes(HEADER))
            process = -1
        if process == 0:
            self._become_child(request, descriptors, server)
        for descriptor in descriptors[: DESCRIPTORS - (process > 0)]:
            os.close(descriptor)
        if process > 0:
            self._statuses[process] = descriptors[-1]
            self._reap()  # it may have ended before it was known here

    def _reap(self, _signal: int = 0, _frame: FrameType | None = None) -> None:
        """Tell the exit status of each child that has ended; a signal may call this while it is at work."""
        for process in list(self._statuses):
            try:
                ended, status = os.waitpid(process, os.WNOHANG)
            except ChildProcessError:  # the other call has it
                continue
            if ended:
                descriptor = self._statuses.pop(process)
                with contextlib.suppress(BrokenPipeError):  # nobody wants to know
                    os.write(descriptor, status.to_bytes(HEADER, "little"))
                os.close(descriptor)

    def _become_child(self, request: dict[str, object], descriptors: list[int], server: int) -> NoReturn:
        """Go on as a process of its own that waits for its order, and tell the controller its number."""
        try:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            reading, writing, output, status = descriptors
            environment = dict(request["environment"])  # type: ignore[call-overload]  # it was sent as a dictionary
            mark(environment[MARKER])
            os.setsid()
            os.environ.clear()
            os.environ.update(environment)
            os.environ[pipes.VARIABLE] = f"{reading},{writing}"
            os.environ[process_limits.CONTROLLER] = str(server)
            os.chdir(str(request["folder"]))
            os.dup2(output, 1)
            os.dup2(output, 2)
            for descriptor in (output, status, *self._statuses.values()):
                os.close(descriptor)
            self._requests.sendall(os.getpid().to_bytes(HEADER, "little"))
            self._requests.close()
            child.main()
        finally:
            os._exit(1)


def mark(marker: str) -> None:
    """Put a marker in the place of the one that this process was started with.

    The system shows the environment that a process was *started* with, to which Python's has no access: the letters themselves are
    overwritten where they stand.

    Args:
        marker: As long as the one it replaces.
    """
    getenv = ctypes.CDLL(None).getenv
    getenv.restype = ctypes.c_void_p
    address = getenv(MARKER.encode())
    if address and len(ctypes.string_at(address)) == len(marker):
        ctypes.memmove(address, marker.encode(), len(marker))


if __name__ == "__main__":
    main()
