"""Names that NumPy no longer has, and what to write instead; ``{np}`` stands for what the script calls NumPy."""

from __future__ import annotations

import warnings

import numpy as np

REPLACEMENTS = {
    "Inf": "{np}.inf",
    "Infinity": "{np}.inf",
    "NAN": "{np}.nan",
    "NINF": "-{np}.inf",
    "NZERO": "-0.0",
    "NaN": "{np}.nan",
    "PINF": "{np}.inf",
    "PZERO": "0.0",
    "alen": "len",
    "alltrue": "{np}.all",
    "asfarray": "{np}.asarray",
    "bool": "bool",
    "bool8": "{np}.bool_",
    "cfloat": "{np}.complex128",
    "clongfloat": "{np}.clongdouble",
    "complex": "complex",
    "complex_": "{np}.complex128",
    "cumproduct": "{np}.cumprod",
    "float": "float",
    "float_": "{np}.float64",
    "in1d": "{np}.isin",
    "infty": "{np}.inf",
    "int": "int",
    "int0": "{np}.intp",
    "issubclass_": "issubclass",
    "issubsctype": "{np}.issubdtype",
    "long": "int",
    "longcomplex": "{np}.clongdouble",
    "longfloat": "{np}.longdouble",
    "mat": "{np}.asmatrix",
    "msort": "{np}.sort",
    "object": "object",
    "object0": "{np}.object_",
    "product": "{np}.prod",
    "rank": "{np}.ndim",
    "round_": "{np}.round",
    "row_stack": "{np}.vstack",
    "singlecomplex": "{np}.complex64",
    "sometrue": "{np}.any",
    "str": "str",
    "str0": "{np}.str_",
    "string_": "{np}.bytes_",
    "trapz": "{np}.trapezoid",
    "uint0": "{np}.uintp",
    "unicode": "str",
    "unicode_": "{np}.str_",
}
"""What means the same; ``asfarray`` needs ``dtype=float`` besides, and ``msort`` needs ``axis=0``."""

EXTRA_ARGUMENTS = {"asfarray": "dtype=float", "msort": "axis=0"}
"""What a replacement has to be told besides."""

ADVICE = {
    "asscalar": "Write a.item() instead of np.asscalar(a).",
    "cast": "Write np.asarray(a, dtype=...) instead of np.cast[...](a).",
    "fastCopyAndTranspose": "Write a.T.copy().",
    "find_common_type": "Write np.result_type(...).",
    "math": "Import Python's own math, or use NumPy's function of that name: np.exp, np.sqrt, np.pi.",
    "recfromcsv": "Write np.genfromtxt with delimiter=','.",
    "recfromtxt": "Write np.genfromtxt.",
    "safe_eval": "Write ast.literal_eval.",
    "set_string_function": "Write np.set_printoptions.",
    "source": "Write inspect.getsource.",
}
"""What to do about names that nothing simply replaces."""

METHODS = frozenset(["ptp", "itemset", "newbyteorder"])
"""Methods that arrays no longer have."""


def is_gone(name: str) -> bool:
    """Whether the installed NumPy no longer has a name of these tables.

    >>> is_gone("float_"), is_gone("float64")
    (True, False)
    """
    if name not in REPLACEMENTS and name not in ADVICE:
        return False
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a name may still be there and say that it will go
        return not hasattr(np, name)
