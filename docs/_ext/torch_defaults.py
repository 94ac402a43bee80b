"""Our defaults beside those of PyTorch 2.13. Ours are read from the code; PyTorch's are written here, and a test compares them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from _ext.rst import literal, table
from unstuck.nets import ACTIVATIONS, LAYERS, LOSSES
from unstuck.training.optimizers import OPTIMIZERS
from unstuck.training.schedules import SCHEDULES

if TYPE_CHECKING:
    from unstuck.registry import Registry


class Pair(NamedTuple):
    """A setting here and the same setting there; where PyTorch has a tuple, ``part`` says which of its numbers is meant."""

    registry: Registry[Any]
    name: str
    setting: str
    torch_class: str
    torch_setting: str
    torch_default: float | bool | None
    part: int | None = None

    def ours(self) -> Any:
        """Return our default."""
        needed = {"n": 1} if self.name == "layer_norm" else {}
        return getattr(self.registry.create(self.name, **needed), self.setting)


PAIRS = (
    Pair(OPTIMIZERS, "gd", "learning_rate", "optim.SGD", "lr", 0.001),
    Pair(OPTIMIZERS, "gd", "momentum", "optim.SGD", "momentum", 0),
    Pair(OPTIMIZERS, "adagrad", "learning_rate", "optim.Adagrad", "lr", 0.01),
    Pair(OPTIMIZERS, "adagrad", "epsilon", "optim.Adagrad", "eps", 1e-10),
    Pair(OPTIMIZERS, "rmsprop", "learning_rate", "optim.RMSprop", "lr", 0.01),
    Pair(OPTIMIZERS, "rmsprop", "smoothing", "optim.RMSprop", "alpha", 0.99),
    Pair(OPTIMIZERS, "rmsprop", "epsilon", "optim.RMSprop", "eps", 1e-8),
    Pair(OPTIMIZERS, "adam", "learning_rate", "optim.Adam", "lr", 0.001),
    Pair(OPTIMIZERS, "adam", "beta1", "optim.Adam", "betas", 0.9, 0),
    Pair(OPTIMIZERS, "adam", "beta2", "optim.Adam", "betas", 0.999, 1),
    Pair(OPTIMIZERS, "adam", "epsilon", "optim.Adam", "eps", 1e-8),
    Pair(OPTIMIZERS, "adamw", "weight_decay", "optim.AdamW", "weight_decay", 0.01),
    Pair(OPTIMIZERS, "irprop-", "first_step", "optim.Rprop", "lr", 0.01),
    Pair(OPTIMIZERS, "irprop-", "shrink", "optim.Rprop", "etas", 0.5, 0),
    Pair(OPTIMIZERS, "irprop-", "grow", "optim.Rprop", "etas", 1.2, 1),
    Pair(OPTIMIZERS, "irprop-", "smallest_step", "optim.Rprop", "step_sizes", 1e-6, 0),
    Pair(OPTIMIZERS, "irprop-", "largest_step", "optim.Rprop", "step_sizes", 50, 1),
    Pair(OPTIMIZERS, "lbfgs", "memory", "optim.LBFGS", "history_size", 100),
    Pair(SCHEDULES, "step", "gamma", "optim.lr_scheduler.StepLR", "gamma", 0.1),
    Pair(SCHEDULES, "plateau", "gamma", "optim.lr_scheduler.ReduceLROnPlateau", "factor", 0.1),
    Pair(SCHEDULES, "plateau", "patience", "optim.lr_scheduler.ReduceLROnPlateau", "patience", 10),
    Pair(SCHEDULES, "plateau", "threshold", "optim.lr_scheduler.ReduceLROnPlateau", "threshold", 1e-4),
    Pair(SCHEDULES, "cosine", "floor", "optim.lr_scheduler.CosineAnnealingLR", "eta_min", 0.0),
    Pair(ACTIVATIONS, "leaky_relu", "slope", "nn.LeakyReLU", "negative_slope", 0.01),
    Pair(ACTIVATIONS, "elu", "alpha", "nn.ELU", "alpha", 1.0),
    Pair(LOSSES, "huber", "threshold", "nn.HuberLoss", "delta", 1.0),
    Pair(LOSSES, "poisson", "log_input", "nn.PoissonNLLLoss", "log_input", True),
    Pair(LAYERS, "dropout", "rate", "nn.Dropout", "p", 0.5),
    Pair(LAYERS, "layer_norm", "epsilon", "nn.LayerNorm", "eps", 1e-5),
)


def torch_table() -> str:
    """Return the two side by side; what differs is set in bold."""
    rows = []
    for pair in PAIRS:
        ours = pair.ours()
        same = ours == pair.torch_default
        theirs = f"{pair.torch_default!r}"
        place = f"``{pair.torch_class}``  ``{pair.torch_setting}``" + ("" if pair.part is None else f" [{pair.part}]")
        rows.append([f"``{pair.name}``  ``{pair.setting}``", literal(ours), place, theirs if same else f"**{theirs}**"])
    return table(["here", "default", "in torch", "default"], rows, [30, 14, 42, 14])
