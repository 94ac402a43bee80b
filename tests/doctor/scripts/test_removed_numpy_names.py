"""Every name is given back with the meaning it had, and only to the script itself."""

import warnings

import numpy as np
import pytest

from unstuck.doctor.scripts import removed_numpy_names
from unstuck.doctor.scripts.removed_numpy_names import REPLACEMENTS


@pytest.mark.parametrize("name", [*REPLACEMENTS, *removed_numpy_names._ARGUMENTS_CHANGE])
def test_a_name_is_taken_for_what_numpy_recommends(name):
    """Where NumPy's own message says what to use instead, that is what the name stands for."""
    replacement, value = removed_numpy_names._stand_in(name)
    assert value is not None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            getattr(np, name)
        except AttributeError as error:
            message = str(error)
        else:
            return
    if f"Use `{replacement}`" in message or "Use " not in message or "use `" in message:
        return
    assert name in (
        "asfarray",
        "find_common_type",
        "asscalar",
        "msort",
        "obj2sctype",
        "sctype2char",
        "fastCopyAndTranspose",
    )


def test_a_script_from_before_runs(run_well):
    report = run_well(
        """
        import numpy as np
        from numpy import float_ as f
        x = np.zeros(2, dtype=np.float)
        x = x.astype(np.int)
        y = np.mat([[1, 2], [3, 4]]) * np.mat([[1], [1]])
        result = [
            x.dtype.kind, y.tolist(), f(0.5), np.product([2, 3]), np.alltrue([1, 0]).item(), np.Inf > 0, np.NINF < 0,
            np.asfarray([1, 2]).dtype.kind, np.asscalar(np.array(3)), np.in1d([[1], [2]], [2]).tolist(),
            np.trapz([1, 2, 3]), np.row_stack([[1], [2]]).tolist(), np.bool(1).item(), np.msort([[3], [1]]).tolist(),
            np.cumproduct([1, 2]).tolist(), np.sometrue([0]).item(), np.math.pi > 3, np.unicode_("x") == "x",
        ]
        result[3] = int(result[3]); np.float
        """
    )
    assert report.result == [
        "i", [[3], [7]], 0.5, 6, False, True, True, "f", 3, [False, True], 4.0, [[1], [2]], True, [[1], [3]], [1, 2],
        False, True, True,
    ]  # fmt: skip
    lines = {name: (replacement, line) for name, replacement, line in report.removed_names}
    assert lines["float_"] == ("np.float64", 3)
    assert lines["float"] == ("float", 4)
    assert lines["int"] == ("int", 5)
    assert lines["mat"] == ("np.asmatrix", 6)
    assert lines["asfarray"] == ("np.asarray(a, dtype=float)", 9)
    assert "bool" not in lines


def test_who_asks_in_order_to_adapt_hears_the_truth(run_well):
    report = run_well(
        """
        import numpy as np
        result = [hasattr(np, "float"), getattr(np, "Inf", None), hasattr(np, "nothing_like_it")]
        if not hasattr(np, "product"): np.product = np.prod
        result.append(int(np.product([2, 3])))
        try:
            np.nothing_like_it
        except AttributeError as error:
            result.append(str(error))
        """
    )
    assert report.result == [False, None, False, 6, "module 'numpy' has no attribute 'nothing_like_it'"]
    assert report.removed_names == []


def test_it_can_be_left_as_it_is(run):
    report = run("import numpy as np; np.float", removed_names=False)
    assert "AttributeError: module 'numpy' has no attribute 'float'" in report.error
