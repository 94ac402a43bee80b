"""The scripts of this folder are data for the doctor's tests: pytest must not import (and thereby run) them."""

collect_ignore_glob = ["*.py", "*/*.py"]
