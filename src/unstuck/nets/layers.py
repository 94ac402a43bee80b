"""Layers: each turns its input into a preactivation, and carries a gradient back through that."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias

import numpy as np

from unstuck.limits import check_count, check_fraction, check_positive
from unstuck.nets.activations import ACTIVATIONS, Activation, Identity
from unstuck.nets.initializers import INITIALIZERS, Initializer
from unstuck.registry import Registry

if TYPE_CHECKING:
    from collections.abc import Mapping

    from unstuck.arrays import Floats, Matrix

Parameters: TypeAlias = "Mapping[str, Floats]"
"""A layer's arrays by name, each a view of the network's flat vector."""


@dataclass(frozen=True)
class Layer(ABC):
    """One layer: z = transform(input), a = activation(z).

    Subclass it to make a layer of your own: a frozen dataclass that implements :meth:`transform` and :meth:`backward`, and, if it has
    parameters, :meth:`parameter_shapes` and :meth:`initialize`. ``us.check_gradients`` tells whether the two rules agree.
    """

    activation: Activation = field(default=Identity(), kw_only=True)

    weight_names: ClassVar[tuple[str, ...]] = ()
    """The parameters, of shape ``(n_in, n_out)``, to which L1, L2 and max-norm apply."""

    is_random: ClassVar[bool] = False
    """Whether training draws random numbers here; then ``transform`` gets a generator during training and None otherwise."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "activation", ACTIVATIONS.create(self.activation))

    def sizes(self) -> tuple[int | None, int | None]:
        """How many inputs it takes and how many outputs it has; None for as many as there are."""
        return None, None

    def parameter_shapes(self) -> dict[str, tuple[int, ...]]:
        """Names and shapes of the parameters, in their order in the network's flat vector."""
        return {}

    def initialize(self, parameters: Parameters, rng: np.random.Generator) -> None:
        """Fill ``parameters`` with their first values, in place."""

    @abstractmethod
    def transform(self, x: Matrix, parameters: Parameters, rng: np.random.Generator | None) -> tuple[Matrix, Any]:
        """Return the preactivation z, shape ``(batch, n_out)``, and anything :meth:`backward` wants to find again.

        Args:
            x: The layer's input, shape ``(batch, n_in)``.
            parameters: The layer's arrays by name.
            rng: Where random layers draw from during training; None outside of it.
        """

    @abstractmethod
    def backward(self, x: Matrix, memory: Any, delta: Matrix, parameters: Parameters, gradients: Parameters) -> Matrix:
        """Write dJ/dparameters into ``gradients`` and return dJ/dx, shape ``(batch, n_in)``.

        Args:
            x: The layer's input, shape ``(batch, n_in)``.
            memory: The second value that :meth:`transform` returned.
            delta: dJ/dz, shape ``(batch, n_out)``.
            parameters: The layer's arrays by name.
            gradients: Arrays of the same names and shapes, to be overwritten.
        """

    def row_gradients(self, x: Matrix, memory: Any, delta: Matrix, parameters: Parameters) -> dict[str, Floats]:
        """Return dJ/dparameters for each row apart, shapes ``(batch, …)``: what a Jacobian is made of.

        This runs :meth:`backward` on one row after the other; a layer may know a faster way.
        Random layers and those that mix rows have no Jacobian.
        """
        per_row = {name: np.empty((len(x), *shape), x.dtype) for name, shape in self.parameter_shapes().items()}
        for row in range(len(x) if per_row else 0):
            one = slice(row, row + 1)
            _, memory = self.transform(x[one], parameters, None)
            gradients = {name: array[row, ...] for name, array in per_row.items()}
            self.backward(x[one], memory, delta[one], parameters, gradients)
        return per_row

    def describe(self) -> str:
        """A few words for messages and the summary, such as ``Dense 2 -> 5 sigmoid``."""
        return f"{type(self).__name__} {ACTIVATIONS.describe(self.activation)}"


LAYERS: Registry[Layer] = Registry("layer", Layer)
"""Every layer by name."""


@dataclass(frozen=True, init=False)
class Dense(Layer):
    r"""Every input to every unit: :math:`z = x W + b`.

    Gradients: :math:`dJ/dW = x^T \delta`, :math:`dJ/db = \sum_{rows} \delta`, :math:`dJ/dx = \delta W^T`.

    Args:
        n_in: Number of inputs.
        n_out: Number of units.
        activation: Name or instance (default ``"identity"``).
        bias: Whether there is a bias (default yes).
        initializer: Name or instance; the default fits the activation: He for ReLU and its relatives, LeCun for selu, else Glorot.

    Parameters: ``weights`` of shape ``(n_in, n_out)`` and ``biases`` of shape ``(n_out,)``, which start at zero.

    Raises:
        OptionError: Unknown activation or initialiser, or a size below 1.
    """

    n_in: int
    n_out: int
    bias: bool
    initializer: Initializer

    weight_names: ClassVar[tuple[str, ...]] = ("weights",)

    def __init__(
        self,
        n_in: int,
        n_out: int,
        activation: str | Activation = "identity",
        *,
        bias: bool = True,
        initializer: str | Initializer | None = None,
    ) -> None:
        check_count("n_in of Dense", n_in)
        check_count("n_out of Dense", n_out)
        function = ACTIVATIONS.create(activation)
        chosen = INITIALIZERS.create(function.initializer if initializer is None else initializer)
        _set(self, activation=function, n_in=int(n_in), n_out=int(n_out), bias=bool(bias), initializer=chosen)

    def sizes(self) -> tuple[int | None, int | None]:
        """Return ``(n_in, n_out)``."""
        return self.n_in, self.n_out

    def parameter_shapes(self) -> dict[str, tuple[int, ...]]:
        """Return the shapes of ``weights`` and, if there is one, ``biases``."""
        biases: dict[str, tuple[int, ...]] = {"biases": (self.n_out,)} if self.bias else {}
        return {"weights": (self.n_in, self.n_out), **biases}

    def initialize(self, parameters: Parameters, rng: np.random.Generator) -> None:
        """Draw the weights, then the biases."""
        parameters["weights"][...] = self.initializer.weights(rng, self.n_in, self.n_out)
        if self.bias:
            parameters["biases"][...] = self.initializer.biases(rng, self.n_in, self.n_out)

    def transform(self, x: Matrix, parameters: Parameters, rng: np.random.Generator | None) -> tuple[Matrix, Any]:
        """Return ``x @ weights + biases``."""
        z = x @ parameters["weights"]
        if self.bias:
            z += parameters["biases"]
        return z, None

    def backward(self, x: Matrix, memory: Any, delta: Matrix, parameters: Parameters, gradients: Parameters) -> Matrix:
        """Write the gradients of weights and biases; return ``delta @ weights.T``."""
        np.matmul(x.T, delta, out=gradients["weights"])
        if self.bias:
            delta.sum(axis=0, out=gradients["biases"])
        return delta @ parameters["weights"].T

    def row_gradients(self, x: Matrix, memory: Any, delta: Matrix, parameters: Parameters) -> dict[str, Floats]:
        """Return the outer product of input and delta for each row, and delta itself for the biases."""
        biases = {"biases": delta} if self.bias else {}
        return {"weights": x[:, :, None] * delta[:, None, :], **biases}

    def describe(self) -> str:
        """Such as ``Dense 2 -> 5 sigmoid``."""
        return f"Dense {self.n_in} -> {self.n_out} {ACTIVATIONS.describe(self.activation)}"


@dataclass(frozen=True)
class Dropout(Layer):
    r"""During training each value is set to 0 with probability ``rate`` (default 0.5), the others are multiplied by 1 / (1 - rate).

    Outside of training it changes nothing.

    Source: Srivastava et al., *Dropout: a simple way to prevent neural networks from overfitting*, JMLR 15 (2014), 1929-1958.

    Raises:
        OptionError: ``rate`` is not in [0, 1).
    """

    rate: float = 0.5

    is_random: ClassVar[bool] = True

    def __post_init__(self) -> None:
        super().__post_init__()
        check_fraction("rate of Dropout", self.rate)

    def transform(self, x: Matrix, parameters: Parameters, rng: np.random.Generator | None) -> tuple[Matrix, Any]:
        """Return ``x`` times a random mask of 0 and 1 / (1 - rate), or ``x`` itself outside of training."""
        if rng is None or self.rate == 0:
            return x, None
        kept = rng.random(x.shape, dtype=np.float32) >= self.rate
        mask = kept.astype(x.dtype) / x.dtype.type(1 - self.rate)
        return x * mask, mask

    def backward(self, x: Matrix, memory: Any, delta: Matrix, parameters: Parameters, gradients: Parameters) -> Matrix:
        """Return ``delta`` times the mask."""
        return delta if memory is None else np.asarray(delta * memory)

    def describe(self) -> str:
        """Such as ``Dropout 0.5``."""
        return f"Dropout {self.rate:g}"


@dataclass(frozen=True, init=False)
class LayerNorm(Layer):
    r"""Each row to mean 0 and variance 1, then a gain and a shift for each feature.

    :math:`z = g\,\hat x + s` with :math:`\hat x = (x - \mu) / \sqrt{\sigma^2 + \epsilon}`, mean and variance over the row.
    With :math:`h = g\,\delta`: :math:`dJ/dx = (h - \overline{h} - \hat x\,\overline{h \hat x}) / \sqrt{\sigma^2 + \epsilon}`.
    As ``torch.nn.LayerNorm``.

    Args:
        n: Number of features.
        activation: Name or instance, applied after the gain and shift (default ``"identity"``).
        epsilon: Added to the variance (default 1e-5).

    Parameters: ``gain`` (starts at 1) and ``shift`` (starts at 0), both of shape ``(n,)``.

    Source: Ba, Kiros and Hinton, *Layer normalization*, 2016.
    """

    n: int
    epsilon: float

    def __init__(self, n: int, activation: str | Activation = "identity", *, epsilon: float = 1e-5) -> None:
        check_count("n of LayerNorm", n)
        check_positive("epsilon of LayerNorm", epsilon)
        _set(self, activation=ACTIVATIONS.create(activation), n=int(n), epsilon=float(epsilon))

    def sizes(self) -> tuple[int | None, int | None]:
        """Return ``(n, n)``."""
        return self.n, self.n

    def parameter_shapes(self) -> dict[str, tuple[int, ...]]:
        """Return the shapes of ``gain`` and ``shift``."""
        return {"gain": (self.n,), "shift": (self.n,)}

    def initialize(self, parameters: Parameters, rng: np.random.Generator) -> None:
        """Set the gain to 1 and the shift to 0."""
        parameters["gain"][...] = 1
        parameters["shift"][...] = 0

    def transform(self, x: Matrix, parameters: Parameters, rng: np.random.Generator | None) -> tuple[Matrix, Any]:
        """Return the normalised rows times the gain plus the shift."""
        centred = x - x.mean(axis=1, keepdims=True)
        inverse_deviation = 1 / np.sqrt(np.square(centred).mean(axis=1, keepdims=True) + self.epsilon)
        normalised = centred * inverse_deviation
        return normalised * parameters["gain"] + parameters["shift"], (normalised, inverse_deviation)

    def backward(self, x: Matrix, memory: Any, delta: Matrix, parameters: Parameters, gradients: Parameters) -> Matrix:
        """Write the gradients of gain and shift; return the gradient of the rows."""
        normalised, inverse_deviation = memory
        (delta * normalised).sum(axis=0, out=gradients["gain"])
        delta.sum(axis=0, out=gradients["shift"])
        h = delta * parameters["gain"]
        along = (h * normalised).mean(axis=1, keepdims=True)
        return (h - h.mean(axis=1, keepdims=True) - normalised * along) * inverse_deviation

    def describe(self) -> str:
        """Such as ``LayerNorm 16 relu``."""
        return f"LayerNorm {self.n} {ACTIVATIONS.describe(self.activation)}"


def _set(layer: Layer, **values: object) -> None:
    """Set the fields of a frozen layer while it is being made."""
    for name, value in values.items():
        object.__setattr__(layer, name, value)


LAYERS.register_all({"dense": Dense, "dropout": Dropout, "layer_norm": LayerNorm})
