"""Programs that are no training scripts and do whatever a program can do, made from templates and a seed.

The templates are in ``hostile/``: each begins with a line ``#: name`` and holds places such as ``$COUNT``, into which numbers and
words are put that are drawn at random.
"""

from dataclasses import dataclass
from pathlib import Path
from string import Template
from textwrap import indent

import numpy as np

FOLDER = Path(__file__).parent / "hostile"
KINDS = ("endless", "endings", "memory", "objects", "language", "numeric")
_SIGNALS = (
    "SIGTERM", "SIGKILL", "SIGSEGV", "SIGINT", "SIGABRT", "SIGALRM", "SIGHUP", "SIGUSR1", "SIGPIPE", "SIGSTOP", "SIGFPE", "SIGXCPU",
)  # fmt: skip
_NAMES = ("apple", "river", "cloud", "stone", "maple", "harbor")
_BEFORE = (
    "import signal\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)",
    "import atexit\natexit.register(lambda: [None for _ in iter(int, 1)])",
    "import sys\nsys.excepthook = lambda *arguments: print(arguments)",
    "import sys\nsys.setrecursionlimit(100_000)",
    "import threading\nthreading.Thread(target=threading.Event().wait).start()",
    "import threading\nthreading.Thread(target=lambda: sum(iter(int, 1)), daemon=True).start()",
    "import warnings\nwarnings.simplefilter('error')",
    "import sys\nsys.stdout = sys.stderr",
    "import random, os\nrandom.seed(os.urandom(8))",
    "import builtins\nbuiltins.print = lambda *arguments, **settings: None",
    "import gc\ngc.disable()",
    "import numpy as np\nnp.seterr(all='raise')",
)
_AROUND = (
    "{}",
    "def main():\n{indented}\nif __name__ == '__main__':\n    main()",
    "class Program:\n    def run(self):\n{twice}\nProgram().run()",
    "try:\n{indented}\nfinally:\n    print('the end')",
    "if True:\n{indented}",
    "for attempt in range(3):\n{indented}",
    "with open(__file__):\n{indented}",
)
_BLOCKED_INSIDE = ("import *", "from __future__", "global ", "\t", '"""')


@dataclass(frozen=True)
class Program:
    """A program and what it was made from."""

    name: str
    text: str


def _templates(kind):
    """Return the templates of a file, each by its name."""
    sections = (FOLDER / f"{kind}.txt").read_text(encoding="utf-8").split("#: ")[1:]
    parts = [section.partition("\n") for section in sections]
    return [(f"{kind}-{name}", text) for name, _, text in parts]


def _drawn(rng):
    """Return what is put into the places of a template."""
    count = int(rng.integers(3, 12))
    return {
        "COUNT": count,
        "DIGIT": int(rng.integers(1, 9)),
        "REAL": round(float(rng.uniform(0.05, 2.0)), 3),
        "CODE": int(rng.choice([0, 1, 2, 3, 17, 134, 255])),
        "SIGNAL": str(rng.choice(_SIGNALS)),
        "NAME": str(rng.choice(_NAMES)),
        "LONG": ", ".join(map(str, range(20_000))),
        "DEEP": "(" * 80 + "1" + " + 1)" * 80,
        "DIGITS": "7" * 4000,
        "LINES": "\n".join(f"x{number} = {number} * 0.5" for number in range(3000)),
        "BRANCHES": "if x == 0:\n    x = 1\n" + "\n".join(f"elif x == {n}:\n    x = {n + 1}" for n in range(1, 60)),
        "NUL": "\0",
    }


def _wrapped(text, rng):
    """Return a program that does something else first, or does it elsewhere; what would no longer parse stays as it is."""
    around = str(rng.choice(_AROUND))
    if around == "{}" or not text.strip() or any(part in text for part in _BLOCKED_INSIDE) or rng.random() < 0.4:
        wrapped = text
    else:
        inside = "pass\n" + text
        wrapped = around.format(indented=indent(inside, "    "), twice=indent(inside, "        "))
    if rng.random() < 0.5 and "from __future__" not in text:
        wrapped = f"{rng.choice(_BEFORE)}\n{wrapped}"
    return wrapped + "\n"


def hostile_programs(count=300, seed=20):
    """Return programs that run, at least for a while, and train nothing: every template once as it is, then in other clothes."""
    templates = [template for kind in KINDS for template in _templates(kind)]
    programs = []
    for number in range(count):
        rng = np.random.default_rng(seed + number)
        name, text = templates[number % len(templates)]
        filled = Template(text).substitute(_drawn(rng))
        again = number // len(templates)
        programs.append(Program(f"{name}-{again}" if again else name, _wrapped(filled, rng) if again else filled))
    return programs


def broken_programs(seed=20):
    """Return programs that do not parse, or lack a module or a file."""
    return [
        Program(name, Template(text).substitute(_drawn(np.random.default_rng(seed + number))))
        for number, (name, text) in enumerate(_templates("broken"))
    ]
