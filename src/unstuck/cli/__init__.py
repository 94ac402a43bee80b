"""The command line: ``unstuck train``, ``predict``, ``evaluate``."""
