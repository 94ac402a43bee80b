"""Is a gradient right? Compare it with what the loss itself does when one parameter is nudged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, overload

import numpy as np

from unstuck.differences import Slope, measure_slope, nudge
from unstuck.errors import DataError, OptionError, ShapeError
from unstuck.limits import check_count
from unstuck.nets import Network
from unstuck.seeding import Draw, Stream, generator
from unstuck.training.metrics import kind_of
from unstuck.training.row_weights import row_weights

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    from unstuck.arrays import Floats, Matrix, Vector

Verdict: TypeAlias = Literal["right", "wrong", "cannot-tell"]

RELATIVE_LIMIT = 1e-5
"""An error below this share of the parameter's gradient is never called wrong."""

NOISE_LIMIT = 10.0
"""Nor is one below this many times the measurement's own noise."""

_MOST_ROWS = 256


@dataclass(frozen=True)
class ParameterCheck:
    """What was found for one parameter array.

    Attributes:
        name: Of the parameter, such as ``layer1.weights``.
        verdict: ``"right"``, ``"wrong"``, or ``"cannot-tell"`` where the noise of the measurement hides the answer.
        error: ``|given - measured| / max(|given|, |measured|)``, lengths over the entries that were compared.
        index: The entry with the largest difference.
        given: The gradient handed over, at that entry.
        measured: The central difference of the loss, at that entry.
        noise: The uncertainty of ``measured``.
        compared: How many entries were compared.
        dropped: How many were left out because the loss has a kink there.
    """

    name: str
    verdict: Verdict
    error: float
    index: tuple[int, ...]
    given: float
    measured: float
    noise: float
    compared: int
    dropped: int

    def __repr__(self) -> str:
        return str(self)

    def __str__(self) -> str:
        dropped = f", {self.dropped} on a kink left out" if self.dropped else ""
        line = f"{self.name:<16} {self.verdict:<11} relative error {self.error:.1e} ({self.compared} compared{dropped})"
        if self.verdict == "right":
            return line
        at = f"[{', '.join(map(str, self.index))}]"
        values = f"given {self.given:.8g}, measured {self.measured:.8g} ± {self.noise:.1e}"
        return f"{line}\n      largest difference at {at}: {values}"


@dataclass(frozen=True)
class GradientCheck:
    """The verdict on a whole gradient; ``str(check)`` has a line for each parameter."""

    parameters: tuple[ParameterCheck, ...]

    @property
    def verdict(self) -> Verdict:
        """``"wrong"`` if any parameter is, else ``"cannot-tell"`` if any is, else ``"right"``."""
        verdicts = {parameter.verdict for parameter in self.parameters}
        return "wrong" if "wrong" in verdicts else "cannot-tell" if "cannot-tell" in verdicts else "right"

    @property
    def error(self) -> float:
        """The largest relative error of a parameter."""
        return max(parameter.error for parameter in self.parameters)

    def __getitem__(self, name: str) -> ParameterCheck:
        return next(parameter for parameter in self.parameters if parameter.name == name)

    def __repr__(self) -> str:
        return str(self)

    def __str__(self) -> str:
        return "\n".join([f"gradients: {self.verdict}", *(f"  {parameter}" for parameter in self.parameters)])


@overload
def check_gradients(
    subject: Network,
    given: Any,
    gradients: Any,
    *,
    sample_weight: Any = ...,
    samples: int = ...,
    seed: int = ...,
) -> GradientCheck: ...


@overload
def check_gradients(
    subject: Callable[[Any], float],
    given: Mapping[str, Any] | Sequence[Any] | NDArray[Any],
    gradients: Mapping[str, Any] | Sequence[Any] | NDArray[Any],
    *,
    samples: int = ...,
    seed: int = ...,
) -> GradientCheck: ...


def check_gradients(
    subject: Network | Callable[[Any], float],
    given: Any,
    gradients: Any,
    *,
    sample_weight: Any = None,
    samples: int = 64,
    seed: int = 0,
) -> GradientCheck:
    r"""Compare gradients with central differences of the loss, in float64.

    Two ways to call it: ``check_gradients(network, X, y)``, and ``check_gradients(loss, parameters, gradients)`` for code written by hand,
    where ``loss(parameters)`` returns a number, and parameters and gradients are arrays, or lists or dictionaries of arrays.

    The slope at :math:`w` is :math:`(J(w + h) - J(w - h)) / 2h` with :math:`h = 6 \cdot 10^{-6} \max(1, |w|) / \max(1, x)`, where :math:`x`
    is the root mean square of what multiplies :math:`w`, as far as it is known. It is measured again with :math:`h / 2`; the disagreement
    plus 4 units in the last place of J over h is its noise. An entry at which the slopes to the left and to the right do not approach
    each other as h shrinks has a kink within the step and is left out. *Wrong* takes an error above both 1e-5 of the gradient and
    10 times the noise.

    Args:
        subject: A network, or a function that returns the loss for parameters shaped like ``given``.
        given: The inputs X of the network, or the parameters. Of more than 256 rows 256 are drawn.
        gradients: The targets y, or the gradients to check.
        sample_weight: With a network: how much each row counts.
        samples: How many entries of each array are compared at the most (default 64), drawn from ``seed``.
        seed: Of the draw, and of dropout's mask.

    Raises:
        ShapeError: A gradient has another shape than its parameter.
        DataError: The loss is no finite number, or a gradient is not.
        OptionError: Parameters and gradients have other names.

    >>> print(check_gradients(lambda w: float(w @ w), np.array([1.0, 2.0]), np.array([2.0, 2.0])).verdict)
    wrong
    """
    check_count("samples", samples)
    if isinstance(subject, Network):
        return _check_network(subject, given, gradients, sample_weight, samples, seed)
    return _check_function(subject, given, gradients, samples, seed)


def _check_network(
    network: Network, inputs: Any, targets: Any, sample_weight: Any, samples: int, seed: int
) -> GradientCheck:
    twin = network.copy("float64")
    x, y = twin.check(inputs, targets)
    weights = row_weights(sample_weight, None, y, kind_of(twin, y), "float64")
    if len(x) > _MOST_ROWS:
        rows = np.sort(generator(seed, Stream.SAMPLE).permutation(len(x))[:_MOST_ROWS])
        x, y = x[rows], y[rows]
        weights = None if weights is None else weights[rows]
    draw = Draw(seed, 0, 0)
    _, gradient = twin.loss_and_gradient(x, y, weights, draw=draw)

    def loss() -> float:
        return twin.objective(twin.forward(x, draw)[-1], y, weights)

    return _compare(
        loss, twin.named_parameters(), twin.named_parameters(gradient), _multipliers(twin, x, draw), samples, seed
    )


def _multipliers(network: Network, x: Matrix, draw: Draw) -> dict[str, Floats]:
    """Return for each weight the root mean square of the input that it multiplies."""
    multipliers: dict[str, Floats] = {}
    for number, (layer, values) in enumerate(zip(network.layers, network.forward(x, draw), strict=True), 1):
        size = np.sqrt(np.square(values.input).mean(axis=0))
        for name in layer.weight_names:
            shape = layer.parameter_shapes()[name]
            multipliers[f"layer{number}.{name}"] = np.broadcast_to(size[:, None], shape)
    return multipliers


def _check_function(
    function: Callable[[Any], float], given: Any, gradients: Any, samples: int, seed: int
) -> GradientCheck:
    structure, arrays = _named_copies(given, "parameters")
    _, slopes = _named_copies(gradients, "gradients")
    if list(arrays) != list(slopes) and set(arrays) != set(slopes):
        raise OptionError(f"there are parameters {', '.join(arrays)}, but gradients {', '.join(slopes)}.")

    def loss() -> float:
        return function(structure)

    return _compare(loss, arrays, slopes, {}, samples, seed)


def _named_copies(values: Any, what: str) -> tuple[Any, dict[str, Floats]]:
    """Return a float64 copy of a structure of arrays, and the same arrays by name."""
    if isinstance(values, dict):
        copies: dict[str, Floats] = {str(name): np.array(value, np.float64) for name, value in values.items()}
        return dict(zip(values, copies.values(), strict=True)), copies
    if isinstance(values, list | tuple) and any(np.ndim(value) for value in values):
        arrays = [np.array(value, np.float64) for value in values]
        return type(values)(arrays), {
            f"{what}[{i}]".replace("gradients", "parameters"): a for i, a in enumerate(arrays)
        }
    array = np.array(values, np.float64)
    return array, {"parameters": array}


def _compare(
    loss: Callable[[], float],
    parameters: Mapping[str, Floats],
    gradients: Mapping[str, Floats],
    multipliers: Mapping[str, Floats],
    samples: int,
    seed: int,
) -> GradientCheck:
    """Check one array after the other; ``loss()`` sees changes made to ``parameters`` in place."""
    value = loss()
    if not np.ndim(value) == 0 or not np.isfinite(value):
        raise DataError(f"the loss is {value!r}, expected one finite number.")
    for name, gradient in gradients.items():
        if gradient.shape != parameters[name].shape:
            raise ShapeError(f"the gradient of {name} has shape {gradient.shape}, expected {parameters[name].shape}.")
        if not np.isfinite(gradient).all():
            place = tuple(int(i) for i in np.argwhere(~np.isfinite(gradient))[0])
            raise DataError(f"the gradient of {name} is {gradient[place]} at {list(place)}, expected finite numbers.")
    checks = []
    for number, (name, array) in enumerate(parameters.items()):
        size = multipliers.get(name, np.ones(array.shape))
        order = generator(seed, Stream.SAMPLE, layer=number).permutation(array.size)
        chosen = [tuple(int(i) for i in np.unravel_index(flat, array.shape)) for flat in np.sort(order[:samples])]
        slopes = [measure_slope(loss, array, index, nudge(float(array[index]), float(size[index]))) for index in chosen]
        checks.append(_judge(name, chosen, np.array([gradients[name][index] for index in chosen]), slopes))
    return GradientCheck(tuple(checks))


def _judge(name: str, indices: list[tuple[int, ...]], given: Vector, slopes: list[Slope]) -> ParameterCheck:
    kept = np.array([not slope.on_kink for slope in slopes])
    measured = np.array([slope.value for slope in slopes])
    noise = np.array([slope.noise for slope in slopes])
    difference = np.where(kept, np.abs(given - measured), 0)
    size = max(float(np.linalg.norm(given[kept])), float(np.linalg.norm(measured[kept])))
    error = float(np.linalg.norm(difference)) / size if size else 0.0
    largest = max(float(np.abs(given[kept]).max(initial=0)), float(np.abs(measured[kept]).max(initial=0)))
    clearly_off = (difference > NOISE_LIMIT * noise) & (difference > RELATIVE_LIMIT * largest)
    verdict: Verdict = "right"
    if clearly_off.any() and error > RELATIVE_LIMIT:
        verdict = "wrong"
    elif error > RELATIVE_LIMIT or not kept.any():
        verdict = "cannot-tell"
    worst = int(np.argmax(np.where(clearly_off, difference, difference / (1 + difference.max()) / 2)))
    return ParameterCheck(
        name,
        verdict,
        error,
        indices[worst],
        float(given[worst]),
        float(measured[worst]),
        float(noise[worst]),
        int(kept.sum()),
        int((~kept).sum()),
    )
