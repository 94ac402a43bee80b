"""What can be trained on: inputs, targets, and what kind of targets they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, get_args

import numpy as np

from unstuck.errors import ShapeError

if TYPE_CHECKING:
    from numpy.typing import NDArray

Kind: TypeAlias = Literal["binary", "multiclass", "multilabel", "regression"]
"""What the targets are: one of two classes, one of several, any number of labels at once, or numbers."""

KINDS: tuple[Kind, ...] = get_args(Kind)


@dataclass(frozen=True, eq=False)
class Dataset:
    """Inputs and targets, with a test set where there is one.

    Args:
        name: What run folders and reports call it.
        inputs: Shape ``(n, n_in)``, float64, or uint8 where it is stored so (MNIST's pixels).
        targets: ``"binary"``: 0 or 1, shape ``(n, 1)``, float64. ``"multiclass"``: class indices, shape ``(n,)``, int64.
            ``"multilabel"``: 0 or 1, shape ``(n, n_out)``, float64. ``"regression"``: shape ``(n, n_out)``, float64.
        kind: What the targets are.
        test_inputs: Like ``inputs``, for rows that training does not see.
        test_targets: Like ``targets``, for the same rows.
        class_names: Binary and multiclass: the name of each class by its index. Multilabel: the name of each label,
            ``()`` where the data has none. Regression: ``()``.
        feature_names: The name of each input column, ``()`` where the data has none.

    Raises:
        ShapeError: Inputs and targets differ in their number of rows, or only one half of a test set is there.
    """

    name: str
    inputs: NDArray[Any]
    targets: NDArray[Any]
    kind: Kind
    test_inputs: NDArray[Any] | None = None
    test_targets: NDArray[Any] | None = None
    class_names: tuple[str, ...] = ()
    feature_names: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        _check_rows(self.name, "", self.inputs, self.targets)
        if self.test_inputs is not None and self.test_targets is not None:
            _check_rows(self.name, "test ", self.test_inputs, self.test_targets)
        elif self.test_inputs is not None or self.test_targets is not None:
            given, missing = ("inputs", "targets") if self.test_targets is None else ("targets", "inputs")
            raise ShapeError(f"data set '{self.name}' has test {given} but no test {missing}. Give both or neither.")


def _check_rows(name: str, part: str, inputs: NDArray[Any], targets: NDArray[Any]) -> None:
    if len(inputs) != len(targets):
        raise ShapeError(
            f"data set '{name}' has {len(inputs)} rows of {part}inputs but {len(targets)} rows of {part}targets, "
            f"expected as many of one as of the other."
        )


def named_targets(dataset: Dataset, targets: NDArray[Any] | None) -> NDArray[Any]:
    """Return ``targets``, training or test, as class names where the data has any, so that another file's indices can be matched.

    Args:
        dataset: Whose class names the indices belong to.
        targets: Its ``targets`` or ``test_targets``.
    """
    values = np.asarray(targets)
    if dataset.kind not in ("binary", "multiclass") or not dataset.class_names:
        return values
    return np.array(dataset.class_names)[values.reshape(-1).astype(np.intp)]
