"""Scripts without a training step: what is said about them."""

import pytest

from unstuck.doctor.options import DiagnosisOptions
from unstuck.doctor.scripts.source import read_source
from unstuck.doctor.tools.located_script import failure_of, located
from unstuck.errors import UsageError

DIAGNOSE = "  'unstuck diagnose' says how to mend it."
NOTHING = (
    ", and no numbers were updated by how far outputs are from targets.\n"
    "  Give the script that trains, with the arguments it needs behind --."
)
CRASH = "AttributeError: 'numpy.ndarray' object has no attribute 'dott' (line 3)"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "import numpy as np\nx = (1,\ny = 2\n",
            f"train.py is not valid Python: line 2: '(' was never closed.\n{DIAGNOSE}",
        ),
        (
            "import numpy as np\nw = np.zeros(3)\nw.dott(w)\n",
            f"train.py fails before it trains: {CRASH}.\n{DIAGNOSE}",
        ),
        ("print('hello')\n", f"no training step was found in train.py: it ran to its end{NOTHING}"),
        ("import os\nos._exit(3)\n", f"no training step was found in train.py: it ran to its end{NOTHING}"),
        (
            "import os\nimport signal\nos.kill(os.getpid(), signal.SIGKILL)\n",
            f"no training step was found in train.py: it ended its own process{NOTHING}",
        ),
    ],
)
def test_what_is_said(script, text, message):
    source = read_source(script(text))
    with pytest.raises(UsageError) as raised, located(source, "train.py", DiagnosisOptions(time_limit=4)):
        pass
    assert str(raised.value) == message


def test_a_failure_in_few_words(script):
    source = read_source(script("x = 1\n"))
    assert failure_of(None, source) == "its process ended"
    assert failure_of({"exception": "KeyError", "message": "'w'\nmore", "line": 1}, source) == "KeyError: 'w' (line 1)"
    assert failure_of({"exception": "MemoryError", "message": "", "line": None}, source) == "MemoryError"
