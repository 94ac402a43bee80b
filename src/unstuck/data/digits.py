"""The small handwritten digits that come with scikit-learn."""

from __future__ import annotations

import numpy as np

from unstuck.data.dataset import Dataset
from unstuck.data.splits import hold_out
from unstuck.extras import require


def digits(*, seed: int = 0) -> Dataset:
    """1,797 handwritten digits of 8 x 8 pixels, a fifth of each class held back as the test set.

    Inputs have shape ``(n, 64)``, float64, each pixel from 0 to 16 as it is stored. Needs the extra ``sklearn``, which
    brings the file along: nothing is downloaded.

    Args:
        seed: Of the split.

    Raises:
        MissingExtraError: scikit-learn is not installed.

    Source: test set of the UCI *Optical Recognition of Handwritten Digits* data, Alpaydin and Kaynak (1998).
    """
    bunch = require("sklearn.datasets", "sklearn", "the task 'digits'").load_digits()
    whole = Dataset(
        name="digits",
        inputs=np.asarray(bunch.data, dtype=np.float64),
        targets=np.asarray(bunch.target, dtype=np.int64),
        kind="multiclass",
        class_names=tuple(str(digit) for digit in range(10)),
        feature_names=tuple(bunch.feature_names),
    )
    return hold_out(whole, 0.2, seed=seed)
