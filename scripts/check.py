"""Every check of the project, one after the other; stops at the first that fails.

python scripts/check.py           what a change must pass
python scripts/check.py --slow    also the long trainings
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent

CHECKS: list[list[str]] = [
    ["ruff", "check", "."],
    ["ruff", "format", "--check", "."],
    ["mypy"],
    ["lint-imports", "--no-cache"],
    ["sphinx-build", "-n", "-W", "-q", "--keep-going", "-b", "html", "docs", "docs/_build/html"],
]


def main(arguments: list[str]) -> int:
    """Run all checks and return the status of the first that fails, or 0."""
    for check in CHECKS:
        print("$", *check, flush=True)
        status = subprocess.run([_tool(check[0]), *check[1:]], cwd=ROOT, check=False).returncode
        if status:
            return status
    selection = [] if "--slow" in arguments else ["-m", "not slow"]
    tests = ["pytest", *selection, "--cov", "--cov-report=term:skip-covered", "--cov-fail-under=95"]
    print("$", *tests, flush=True)
    return subprocess.run([_tool("pytest"), *tests[1:]], cwd=ROOT, check=False).returncode


def _tool(name: str) -> str:
    """Return the tool beside this Python, so that an environment need not be activated."""
    return shutil.which(name, path=str(BIN)) or name


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
