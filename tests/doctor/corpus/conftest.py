"""The corpus is data: scripts that are diagnosed, never imported."""

collect_ignore_glob = ["*/*.py", "*/*/*.py"]
