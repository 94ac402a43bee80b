"""Through child processes, compared with what NumPy and Python draw from the seed meant."""

import random
import statistics

import numpy as np

SCRIPT = """
import random, time
import numpy as np
from numpy.random import default_rng, RandomState
result = {}
result["before"] = [np.random.rand(), random.random()]
result["without"] = [default_rng().random(), np.random.default_rng().random(), RandomState().rand(), random.Random().random()]
np.random.seed(5); result["seed"] = np.random.rand()
np.random.seed(seed=6); result["named"] = np.random.rand()
np.random.seed([7, 8]); result["list"] = np.random.rand()
result["default_rng"] = [default_rng(9).random(), default_rng([1, 2]).random(), default_rng(seed=3).random()]
result["state"] = [RandomState(11).rand(), np.random.RandomState(seed=12).rand()]
result["bits"] = [np.random.Generator(kind(13)).random() for kind in (np.random.PCG64, np.random.MT19937, np.random.SFC64)]
result["key"] = np.random.Generator(np.random.Philox(key=14)).random()
result["sequence"] = default_rng(np.random.SeedSequence(15)).random()
random.seed(16); result["random"] = random.random()
random.seed("x"); result["text"] = random.random()
result["Random"] = [random.Random(17).random(), random.Random(x=18).random()]
np.random.seed(int(time.time())); result["clock"] = np.random.rand()
result["kinds"] = [
    isinstance(np.random.mtrand._rand, RandomState), isinstance(RandomState(1), RandomState),
    isinstance(default_rng(1), RandomState), issubclass(RandomState, np.random.RandomState), isinstance(3, random.Random),
    RandomState.__name__, isinstance(random.SystemRandom(), random.Random),
]
class Own(RandomState): pass
result["derived"] = [isinstance(RandomState(1), Own), isinstance(Own(1), RandomState), Own(19).rand() == RandomState(19).rand()]
for wrong in (lambda: np.random.seed(-1), lambda: np.random.seed("x"), lambda: np.random.seed(2**32)):
    try:
        wrong()
    except (ValueError, TypeError) as error:
        result.setdefault("errors", []).append(type(error).__name__)
"""


def expected(offset):
    python = random.Random

    def legacy(seed):
        return np.random.RandomState(seed).rand()

    def modern(seed):
        return np.random.default_rng(seed).random()

    apart = 1000 + offset
    return {
        "before": [legacy(apart), python(apart).random()],
        "without": [
            modern(apart),
            modern(apart + 100_000),
            legacy(apart + 200_000),
            python(apart + 300_000).random(),
        ],
        "seed": legacy(5 + offset),
        "named": legacy(6 + offset),
        "list": legacy([7 + offset, 8]),
        "default_rng": [modern(9 + offset), modern([1 + offset, 2]), modern(3 + offset)],
        "state": [legacy(11 + offset), legacy(12 + offset)],
        "bits": [
            np.random.Generator(kind(13 + offset)).random()
            for kind in (np.random.PCG64, np.random.MT19937, np.random.SFC64)
        ],
        "key": np.random.Generator(np.random.Philox(key=14)).random(),
        "sequence": modern(15 + offset),
        "random": python(16 + offset).random(),
        "text": python(f"'x' {offset}" if offset else "x").random(),
        "Random": [python(17 + offset).random(), python(18 + offset).random()],
        "clock": legacy(apart + 400_000),
        "kinds": [True, True, False, True, False, "RandomState", True],
        "derived": [False, True, True],
        "errors": ["ValueError", "TypeError", "ValueError"],
    }


def test_a_scripts_own_seeds_are_moved(run_well):
    assert run_well(SCRIPT).result == expected(0)
    assert run_well(SCRIPT, offset=3).result == expected(3)


def test_a_library_keeps_its_seeds(run_well):
    report = run_well(
        """
        import statistics
        import numpy as np
        result = statistics.NormalDist().samples(2, seed=3)  # makes a random.Random(3)
        exec(compile("result.append(np.random.RandomState(4).rand())", np.__file__, "exec"))
        exec(compile("np.random.seed(5); result.append(np.random.rand())", np.__file__, "exec"))
        exec(compile("result.append(np.random.default_rng().random())", np.__file__, "exec"))
        """,
        offset=7,
    )
    theirs = [np.random.RandomState(4).rand(), np.random.RandomState(5).rand(), np.random.default_rng(1007).random()]
    assert report.result == [*statistics.NormalDist().samples(2, seed=3), *theirs]
    assert not report.seeded


def test_whether_the_script_seeds_is_known(run_well):
    assert not run_well("import numpy as np; np.random.seed(); np.random.rand()").seeded
    assert run_well("import random; random.seed(1)").seeded
