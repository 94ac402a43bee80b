"""Runs the kernels' tests on kernels built with the address and undefined behaviour sanitizers (GCC or Clang, Linux).

python scripts/check_kernels.py               build them, which takes minutes, and run every test of the engines and of prediction
python scripts/check_kernels.py --build DIR   keep the build there, so that the next one is quick
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# the finder of an editable installation would come before every path
PYTEST = """
import sys
sys.meta_path = [finder for finder in sys.meta_path if "editable" not in type(finder).__module__]
from unstuck.kernels import kernels
assert kernels().__file__.startswith(sys.argv[1]), kernels().__file__
import pytest
sys.exit(pytest.main(sys.argv[2:]))
"""
TESTS = ["tests/training/engines", "tests/training/test_many.py", "tests/nets/test_prediction.py"]


def main() -> int:
    """Build, lay the package beside what was built, and return the status of the tests."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", type=Path, help="folder to build in (default: a temporary one)")
    parser.add_argument("tests", nargs="*", help="what pytest runs (default: the kernels' tests)")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        build = chosen.build or Path(folder) / "build"
        _build(build)
        package = Path(folder) / "package" / "unstuck"
        shutil.copytree(ROOT / "src" / "unstuck", package, ignore=shutil.ignore_patterns("_kernels*.so", "__pycache__"))
        for module in build.glob("_kernels*.so"):
            shutil.copy(module, package)
        options = ["-q", "-o", f"pythonpath={package.parent}", "-p", "no:cacheprovider"]
        command = [sys.executable, "-c", PYTEST, str(package), *options, *(chosen.tests or TESTS)]
        return subprocess.run(command, cwd=ROOT, env=_environment(package), check=False).returncode


def _build(folder: Path) -> None:
    python = f"-DPython_EXECUTABLE={sys.executable}"
    cmake = shutil.which("cmake") or "cmake"
    subprocess.run([cmake, "-S", ROOT / "kernels", "-B", folder, "-DUNSTUCK_SANITIZE=ON", python], check=True)
    subprocess.run([cmake, "--build", folder, "--parallel", str(os.cpu_count() or 1)], check=True)


def _environment(package: Path) -> dict[str, str]:
    """The sanitizers have to be there before Python is; Python's own leaks are not what is looked for."""
    runtimes = [_runtime(name) for name in ("libasan.so", "libstdc++.so.6")]
    return {
        **os.environ,
        "LD_PRELOAD": " ".join(runtimes),
        "ASAN_OPTIONS": "detect_leaks=0",
        "UBSAN_OPTIONS": "print_stacktrace=1",
        "PYTHONPATH": str(package.parent),
        "UNSTUCK_EXPECTS_KERNELS": "1",
    }


def _runtime(name: str) -> str:
    compiler = os.environ.get("CXX", "c++")
    asked = subprocess.run([compiler, f"-print-file-name={name}"], capture_output=True, text=True, check=True)
    return asked.stdout.strip()


if __name__ == "__main__":
    sys.exit(main())
