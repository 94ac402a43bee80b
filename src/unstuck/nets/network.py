"""A network: layers in a row, a loss at the end, and all parameters in one flat vector."""

from __future__ import annotations

import copy
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from unstuck.errors import OptionError
from unstuck.limits import check_not_negative, check_positive
from unstuck.nets.activations import ACTIVATIONS
from unstuck.nets.checking import as_inputs, as_targets
from unstuck.nets.losses import LOSSES, Loss
from unstuck.nets.prediction import predictor
from unstuck.nets.stacking import stack_sizes
from unstuck.nets.summary import Table, summarise
from unstuck.seeding import Draw, Stream, check_seed, generator

if TYPE_CHECKING:
    from collections.abc import Sequence

    from unstuck.arrays import Floats, Matrix, Precision, Vector
    from unstuck.nets.layers import Layer
    from unstuck.nets.prediction import Predictor


@dataclass(frozen=True)
class LayerValues:
    """What one layer saw and made of it: ``input``, ``preactivation`` and ``activation``, each ``(batch, n)``."""

    input: Matrix
    preactivation: Matrix
    activation: Matrix
    memory: Any = None


class Network:
    r"""Layers in a row with a loss at the end.

    It minimises the mean over the rows of the loss, each row times its sample weight, plus the penalties on the weights (not on the
    biases): :math:`J = \frac{1}{B} \sum_r s_r \ell_r + l_1 \sum |w| + \frac{l_2}{2} \sum w^2`. No term depends on the batch size.

    Args:
        layers: The layers, first to last.
        loss: Name or instance; by default the one that belongs to the last activation: ``bce`` to sigmoid, ``ce`` to softmax, else ``mse``.
        l1: Factor of the sum of absolute weights (default 0).
        l2: Factor of half the sum of squared weights (default 0); adds ``l2 * w`` to the gradient.
        max_norm: The largest length of the weights into one unit; longer ones are cut back after each update (default no limit).
        dtype: ``"float64"`` (default) or ``"float32"``.
        seed: From which the weights are drawn (default 0); the same in both precisions, up to rounding.

    Raises:
        ShapeError: Neighbouring layers do not fit.
        OptionError: Unknown loss, a loss that does not fit the last activation, or a number outside its limits.

    >>> from unstuck.nets.layers import Dense
    >>> net = Network([Dense(2, 5, "sigmoid"), Dense(5, 1, "sigmoid")])
    >>> net.n_parameters, list(net.named_parameters())
    (21, ['layer1.weights', 'layer1.biases', 'layer2.weights', 'layer2.biases'])
    """

    def __init__(
        self,
        layers: Sequence[Layer],
        loss: str | Loss | None = None,
        *,
        l1: float = 0.0,
        l2: float = 0.0,
        max_norm: float | None = None,
        dtype: Precision = "float64",
        seed: int = 0,
    ) -> None:
        self.layers = tuple(layers)
        self.n_in, self.n_out = stack_sizes(self.layers)
        self.loss = LOSSES.create(self._fitting_loss() if loss is None else loss)
        self.loss.check_activation(self.output_activation, ACTIVATIONS.describe(self.output_activation))
        if self.output_activation.is_distribution and self.n_out == 1:
            raise OptionError(
                "a softmax over one output is always 1.\n"
                "  For two classes use one sigmoid output with the loss bce, or two softmax outputs."
            )
        check_not_negative("l1", l1)
        check_not_negative("l2", l2)
        if max_norm is not None:
            check_positive("max_norm", max_norm)
        if dtype not in ("float32", "float64"):
            raise OptionError(f"dtype must be 'float32' or 'float64'. Got {dtype!r} instead.")
        self.l1, self.l2 = float(l1), float(l2)
        self.max_norm = None if max_norm is None else float(max_norm)
        self.dtype: Precision = "float32" if dtype == "float32" else "float64"  # a plain name, even for a NumPy dtype
        self.seed = check_seed(seed)
        self._layout, n_parameters = _lay_out(self.layers)
        self._place(np.zeros(n_parameters, dtype))
        self.reset()

    def _fitting_loss(self) -> str:
        name = ACTIVATIONS.describe(self.output_activation)
        return {"sigmoid": "bce", "softmax": "ce"}.get(name, "mse")

    @property
    def output_activation(self) -> Any:
        """The activation of the last layer."""
        return self.layers[-1].activation

    @property
    def n_parameters(self) -> int:
        """How many numbers the network learns."""
        return self.parameters.size

    # ------------------------------------------------------------------ parameters

    def _place(self, vector: Vector) -> None:
        """Make ``vector`` the network's parameters, without copying it."""
        self.parameters = vector
        self._views = self.layer_views(vector)
        self._predictor: Predictor | None = None

    def layer_views(self, vector: Vector) -> list[dict[str, Floats]]:
        """Cut a vector of ``n_parameters`` numbers into named views, one dictionary a layer."""
        return [{name: vector[place].reshape(shape) for name, place, shape in layer} for layer in self._layout]

    def named_parameters(self, vector: Vector | None = None) -> dict[str, Floats]:
        """Return ``layer1.weights`` and so on: views of the parameters, or of another vector laid out like them."""
        views = self._views if vector is None else self.layer_views(vector)
        return {f"layer{i}.{name}": array for i, arrays in enumerate(views, 1) for name, array in arrays.items()}

    def weight_matrices(self, vector: Vector | None = None) -> list[Matrix]:
        """Return views of what the penalties and max-norm apply to: the weights, without biases, gains and shifts."""
        views = self._views if vector is None else self.layer_views(vector)
        return [arrays[name] for layer, arrays in zip(self.layers, views, strict=True) for name in layer.weight_names]

    def reset(self, seed: int | None = None) -> Self:
        """Draw the first weights again, from ``seed`` or the network's own; return the network."""
        self.seed = self.seed if seed is None else check_seed(seed)
        for index, (layer, arrays) in enumerate(zip(self.layers, self._views, strict=True)):
            layer.initialize(arrays, generator(self.seed, Stream.WEIGHTS, layer=index))
        self.keep_max_norm()
        return self

    def copy(self, dtype: Precision | None = None) -> Network:
        """Return an independent network with the same parameters, in another precision if ``dtype`` is given."""
        return self.at(self.parameters.astype(dtype or self.dtype, copy=True))

    def at(self, parameters: Vector) -> Network:
        """Return this network with other parameters, a vector that is used as it is, not copied."""
        twin = copy.copy(self)
        twin.dtype = "float32" if parameters.dtype == np.float32 else "float64"
        twin._place(parameters)  # noqa: SLF001 (of the same class)
        return twin

    def keep_max_norm(self) -> None:
        """Cut the weights into each unit back to the length ``max_norm``, in place, if there is one."""
        if self.max_norm is None:
            return
        for weights in self.weight_matrices():
            length = np.sqrt(np.square(weights).sum(axis=0))
            np.multiply(weights, self.max_norm / np.maximum(length, self.max_norm), out=weights)

    # ------------------------------------------------------------------ what it computes

    def check(self, inputs: Any, targets: Any) -> tuple[Matrix, Matrix]:
        """Return inputs ``(batch, n_in)`` and targets ``(batch, n_out)`` in the network's precision.

        Raises:
            ShapeError: They do not fit the network or each other.
            DataError: They are empty, not numbers, not finite, or mean nothing to the loss.
        """
        x = as_inputs(inputs, self.n_in, self.dtype)
        return x, as_targets(targets, len(x), self.n_out, self.loss, self.output_activation, self.dtype)

    def forward(self, x: Matrix, draw: Draw | None = None) -> list[LayerValues]:
        """Compute every layer's values for inputs that :meth:`check` has seen.

        Args:
            x: Inputs, shape ``(batch, n_in)``, in the network's precision.
            draw: Where random layers draw from, during training; None otherwise.
        """
        values = []
        for index, (layer, arrays) in enumerate(zip(self.layers, self._views, strict=True)):
            rng = None
            if draw is not None and layer.is_random:
                rng = generator(draw.seed, Stream.DROPOUT, draw.epoch, draw.batch, index)
            z, memory = layer.transform(x, arrays, rng)
            values.append(LayerValues(x, z, layer.activation.forward(z), memory))
            x = values[-1].activation
        return values

    def predict(self, inputs: Any) -> Matrix:
        """Return the outputs, shape ``(batch, n_out)``, for inputs of shape ``(batch, n_in)``.

        Raises:
            ShapeError: Inputs of another shape.
            DataError: Inputs that are empty, not numbers, or not finite.
        """
        outputs = None if self._predictor is None else self._predictor.predict(inputs)
        return self._predict(inputs) if outputs is None else outputs

    def _predict(self, inputs: Any) -> Matrix:
        """Return the outputs for whatever was given, and be ready to do so faster next time."""
        x = as_inputs(inputs, self.n_in, self.dtype)
        if self._predictor is None and type(self) is Network:
            self._predictor = predictor(self.layers, self.parameters)
        outputs = None if self._predictor is None else self._predictor.predict(np.ascontiguousarray(x))
        return self.forward(x)[-1].activation if outputs is None else outputs

    def __getstate__(self) -> dict[str, Any]:
        """Return what a copy or a pickle is made of."""
        return {**self.__dict__, "_predictor": None}

    def evaluate(self, inputs: Any, targets: Any, sample_weight: Vector | None = None) -> float:
        """Return J over all rows, without dropout."""
        x, y = self.check(inputs, targets)
        return self.objective(self.forward(x)[-1], y, sample_weight)

    def objective(self, last: LayerValues, y: Matrix, row_weights: Vector | None = None) -> float:
        """Return J, given the last layer's values and targets that :meth:`check` has seen."""
        rows = self.loss.cost(last.preactivation, last.activation, y, self.output_activation)
        mean = rows.mean() if row_weights is None else (rows * row_weights).mean()
        return float(mean) + self._penalty()

    def _penalty(self) -> float:
        total = 0.0
        if self.l1:
            total += self.l1 * sum(float(np.abs(weights).sum()) for weights in self.weight_matrices())
        if self.l2:
            total += self.l2 / 2 * sum(float(np.square(weights).sum()) for weights in self.weight_matrices())
        return total

    def loss_and_gradient(
        self,
        x: Matrix,
        y: Matrix,
        row_weights: Vector | None = None,
        *,
        gradient: Vector | None = None,
        draw: Draw | None = None,
    ) -> tuple[float, Vector]:
        """Return J and dJ/dparameters for inputs and targets that :meth:`check` has seen.

        Args:
            x: Inputs, shape ``(batch, n_in)``.
            y: Targets, shape ``(batch, n_out)``.
            row_weights: A weight for each row, shape ``(batch,)``, with mean 1 over the training set.
            gradient: Where to write the gradient, shape ``(n_parameters,)``.
            draw: Where random layers draw from.
        """
        gradient = np.empty_like(self.parameters) if gradient is None else gradient
        values = self.forward(x, draw)
        self.backward(values, self.output_delta(values[-1], y, row_weights), gradient)
        return self.objective(values[-1], y, row_weights), gradient

    def output_delta(self, last: LayerValues, y: Matrix, row_weights: Vector | None = None) -> Matrix:
        """Return dJ/dz of the last layer, shape ``(batch, n_out)``."""
        delta = self.loss.delta(last.preactivation, last.activation, y, self.output_activation) / len(y)
        return delta if row_weights is None else delta * row_weights[:, None]

    def backward(self, values: list[LayerValues], delta: Matrix, gradient: Vector) -> list[Matrix]:
        """Write dJ/dparameters into ``gradient`` and return dJ/dz of every layer, first to last.

        Args:
            values: What :meth:`forward` returned.
            delta: dJ/dz of the last layer.
            gradient: Shape ``(n_parameters,)``, overwritten.
        """
        deltas = [delta]
        gradient_views = self.layer_views(gradient)
        for index in range(len(self.layers) - 1, -1, -1):
            layer, own = self.layers[index], values[index]
            grad = layer.backward(own.input, own.memory, deltas[0], self._views[index], gradient_views[index])
            if index:
                before = values[index - 1]
                activation = self.layers[index - 1].activation
                deltas.insert(0, activation.backward(before.preactivation, before.activation, grad))
        self._add_penalty_gradient(gradient)
        return deltas

    def _add_penalty_gradient(self, gradient: Vector) -> None:
        if not (self.l1 or self.l2):
            return
        for weights, grad in zip(self.weight_matrices(), self.weight_matrices(gradient), strict=True):
            np.add(grad, self.l1 * np.sign(weights) + self.l2 * weights, out=grad)

    # ------------------------------------------------------------------ how it shows itself

    def summary(self) -> Table:
        """Return a table of every layer with its shapes and number of parameters; a prompt shows it as it is."""
        return summarise(self)

    def __repr__(self) -> str:
        layers = ", ".join(layer.describe() for layer in self.layers)
        return f"Network([{layers}], loss={LOSSES.describe(self.loss)}, {self.n_parameters} parameters, {self.dtype})"


def _lay_out(layers: Sequence[Layer]) -> tuple[list[list[tuple[str, slice, tuple[int, ...]]]], int]:
    """Return name, place in the flat vector and shape of every parameter, layer by layer, and the vector's length."""
    layout = []
    start = 0
    for layer in layers:
        places = []
        for name, shape in layer.parameter_shapes().items():
            stop = start + math.prod(shape)
            places.append((name, slice(start, stop), shape))
            start = stop
        layout.append(places)
    return layout, start
