"""The checks that look at a training step, in the order in which they are asked."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator

    from unstuck.doctor.scripts.examination import Examination
    from unstuck.doctor.scripts.suspicion import Suspicion

NAMES = (
    "no_loop",
    # data and targets
    "data_quality", "broadcast", "integer_truncation", "aliasing", "misaligned_labels", "output_range", "target_encoding",
    # the backward pass and the update
    "updated_weights", "misspelt_activation", "softmax_axis", "ascends", "wrong_gradient", "frozen_parameter", "unused_parameter",
    "stale_gradients", "optimizer_error", "uneven_steps", "loss_mismatch",
    # where it starts
    "symmetric_init", "plateau_init", "zero_start", "large_start", "input_scale",
    # how it goes
    "non_finite", "non_finite_report", "saturation", "dead_relu", "vanishing", "exploding", "step_size", "not_shuffled", "too_few_steps",
    # what it can represent, and how it is judged
    "missing_bias", "no_hidden_layer", "stale_prediction", "evaluation", "no_signal",
)  # fmt: skip


class Check(Protocol):
    """Asks one question."""

    def __call__(self, examination: Examination) -> Iterator[Suspicion]:
        """Yield what is suspected."""
        ...


def all_checks() -> Iterator[tuple[str, Check]]:
    """Yield every check with its name."""
    for name in NAMES:
        check: Check = import_module(f"unstuck.doctor.checks.{name}").check
        yield name, check
