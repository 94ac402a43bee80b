"""A network together with what turns raw data into its inputs, and its outputs into answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from unstuck.data.scaling import Scaling
from unstuck.data.targets import check_kind
from unstuck.errors import DataError, ShapeError
from unstuck.nets.checking import as_inputs, as_numbers, one_hot
from unstuck.registry import suggestion
from unstuck.training.metrics import METRICS, decide

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from unstuck.arrays import Matrix
    from unstuck.data.dataset import Dataset, Kind
    from unstuck.nets import Network

_BINARY_CLASSES = 2


@dataclass(eq=False)
class Model:
    """Preprocessing, network and class names: it takes raw data and gives answers in the data's own terms.

    Args:
        network: What was trained on scaled inputs.
        kind: ``"binary"``, ``"multiclass"``, ``"multilabel"`` or ``"regression"``.
        input_scaling: What is done to raw inputs first; by default nothing.
        target_scaling: Regression only: what was done to the targets; undone for predictions. By default nothing.
        class_names: Names of the classes or labels, in the order of their indices; by default the indices themselves.
        feature_names: Names of the input columns.

    Two outputs for a ``"binary"`` task are two classes, so then the kind is ``"multiclass"``.

    Raises:
        ShapeError: The scalings or the class names do not fit the network.
        OptionError: There is no such kind.
    """

    network: Network
    kind: Kind
    input_scaling: Scaling = field(default=None)  # type: ignore[assignment]  # filled in below
    target_scaling: Scaling = field(default=None)  # type: ignore[assignment]  # filled in below
    class_names: tuple[str, ...] = ()
    feature_names: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        check_kind(self.kind)
        if self.kind == "binary" and self.network.n_out == _BINARY_CLASSES:
            self.kind = "multiclass"
        self._check_classes()
        self.input_scaling = self.input_scaling or Scaling.none(self.network.n_in)
        self.target_scaling = self.target_scaling or Scaling.none(self.network.n_out)
        for what, scaling, expected in (
            ("input_scaling", self.input_scaling, self.network.n_in),
            ("target_scaling", self.target_scaling, self.network.n_out),
        ):
            if scaling.shift.size != expected:
                raise ShapeError(f"{what} has {scaling.shift.size} columns, but the network has {expected}.")

    def _check_classes(self) -> None:
        n_out = self.network.n_out
        if (self.kind == "binary" and n_out > _BINARY_CLASSES) or (self.kind == "multiclass" and n_out == 1):
            fitting = "1 output" if self.kind == "binary" else "an output for each class"
            raise ShapeError(f"the network has {_count(n_out, 'output')}, but a {self.kind} task needs {fitting}.")
        expected = _BINARY_CLASSES if self.kind == "binary" else n_out
        if self.class_names and self.kind != "regression" and len(self.class_names) != expected:
            what = "labels" if self.kind == "multilabel" else "classes"
            raise ShapeError(
                f"class_names holds {_count(len(self.class_names), 'name')}, but the network has {expected} {what}."
            )

    # ------------------------------------------------------------------ from raw data

    def inputs(self, raw: Any) -> Matrix:
        """Return what the network sees for raw inputs of shape ``(batch, n_in)``.

        Raises:
            ShapeError: Another shape.
            DataError: Empty, not numbers, or not finite.
        """
        checked = as_inputs(raw, self.network.n_in, "float64")
        return self.input_scaling.apply(checked, self.network.dtype)

    def targets(self, raw: Any) -> NDArray[Any]:
        """Return raw targets as the network is trained on them.

        Class names become indices, and one-hot rows where the loss does not take indices; numbers are scaled.

        Raises:
            DataError: A class that the model does not know.
        """
        array = np.asarray(raw)
        if self.kind == "regression":
            numbers = as_numbers(array, "y", "float64")
            rows = numbers.reshape(-1, 1) if numbers.ndim == 1 and self.network.n_out == 1 else numbers
            return self.target_scaling.apply(rows, self.network.dtype)
        if array.dtype.kind in "OSU" and self.kind != "multilabel":
            array = array.astype(str) if array.dtype.kind == "S" else array
            array = np.array([self._class_index(str(name), row) for row, name in enumerate(array.reshape(-1))])
        by_index = self.kind == "multiclass" and (array.ndim == 1 or array.shape[1:] == (1,))
        if by_index and not self.network.loss.takes_classes(self.network.output_activation):
            numbers = as_numbers(array.reshape(-1), "y", self.network.dtype)
            return one_hot(numbers, self.network.n_out, self.network.dtype)
        return array

    def _class_index(self, name: str, row: int) -> int:
        if name not in self.class_names:
            known = ", ".join(self.class_names) or "none by name"
            raise DataError(
                f"y holds class '{name}' in row {row}.{suggestion(name, self.class_names)}\n  Known: {known}"
            )
        return self.class_names.index(name)

    # ------------------------------------------------------------------ answers

    def outputs(self, raw: Any) -> Matrix:
        """Return the network's outputs, shape ``(batch, n_out)``: probabilities, or numbers in the targets' unit."""
        outputs = self.network.predict(self.inputs(raw))
        return self.target_scaling.undo(outputs) if self.kind == "regression" else outputs

    def predict(self, raw: Any) -> NDArray[Any]:
        """Return the answer for each row of raw inputs.

        Class names (or indices, where there are no names) of shape ``(batch,)``; 0 and 1 of shape ``(batch, n_out)`` for several
        labels; numbers of shape ``(batch, n_out)`` for regression.
        """
        outputs = self.outputs(raw)
        if self.kind == "regression":
            return outputs
        decided = decide(outputs, self.kind)
        if self.kind == "multilabel" or not self.class_names:
            return decided
        return np.array(self.class_names)[decided]

    def evaluate(self, raw: Any, raw_targets: Any) -> dict[str, float]:
        """Return the loss and every metric that means something for this kind of task, over all rows.

        For regression the metrics are in the targets' unit, the loss is the network's own.
        """
        x, y = self.network.check(self.inputs(raw), self.targets(raw_targets))
        last = self.network.forward(x)[-1]
        scores = {"loss": self.network.objective(last, y)}
        outputs = last.activation
        if self.kind == "regression":
            outputs, y = self.target_scaling.undo(outputs), self.target_scaling.undo(y)
        for name in METRICS.names():
            metric = METRICS.create(name)
            is_for_numbers = "regression" in metric.kinds
            if self.kind in metric.kinds and is_for_numbers == (self.kind == "regression"):
                scores[name] = metric.score(outputs, y, self.kind)
        return scores

    @classmethod
    def for_dataset(
        cls, network: Network, dataset: Dataset, scaling: Scaling, target_scaling: Scaling | None = None
    ) -> Model:
        """Return an untrained model that takes the raw rows of ``dataset``."""
        return cls(
            network,
            dataset.kind,
            scaling,
            target_scaling,  # type: ignore[arg-type]  # None is filled in
            dataset.class_names,
            dataset.feature_names,
        )


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
