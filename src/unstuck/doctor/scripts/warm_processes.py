"""Processes that have imported what they need before they are asked for, by the means that the system has."""

from __future__ import annotations

import os
import socket

from unstuck.doctor.scripts.forked_processes import ForkedProcesses
from unstuck.doctor.scripts.spare_processes import SpareProcesses


def warm_processes(*, fork: bool) -> ForkedProcesses | SpareProcesses:
    """Return children of a fork server, or without forks children that are started ahead.

    Args:
        fork: Whether to fork where that is possible.
    """
    return ForkedProcesses() if fork and hasattr(os, "fork") and hasattr(socket, "send_fds") else SpareProcesses()
