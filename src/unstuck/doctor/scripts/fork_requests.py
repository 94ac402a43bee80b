"""How a request for a forked child travels: what the fork server and its controller agree on."""

SOCKET = "UNSTUCK_FORK_SERVER"
"""The environment variable with the number of the socket on which requests arrive."""

HEADER = 8
"""Bytes of the length of a request, with which its descriptors come; the answer is the child's number in as many."""

DESCRIPTORS = 4
"""The child's own: to read from, to write to, for its output, and one on which its exit status is told."""
