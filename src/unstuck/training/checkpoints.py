"""A training run on disk: what is needed to go on as if it had never stopped."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

import numpy as np

from unstuck.errors import FileError
from unstuck.tensor_files import read_tensors, write_tensors
from unstuck.training.optimizers import OPTIMIZERS

if TYPE_CHECKING:
    from pathlib import Path

    from unstuck.arrays import Floats
    from unstuck.training.trainer import Trainer

_NUMBERS = ("epoch", "batch", "step", "rate_factor", "loss_sum", "schedule")


def save_checkpoint(trainer: Trainer, path: str | Path, *, force: bool = False) -> Path:
    """Write the state of ``trainer`` to ``path``, whole or not at all.

    A run that is restored from it goes on bit for bit as the uninterrupted one would, since random numbers depend on seed and epoch alone.

    Raises:
        FileError: The file exists and ``force`` is not set, or it cannot be written.
    """
    state, history = trainer.state, trainer.history
    tensors: dict[str, Floats] = {"parameters": trainer.network.parameters, "best.parameters": state.best.parameters}
    tensors |= {f"slots.{name}": array for name, array in state.slots.items()}
    best = {field.name: getattr(state.best, field.name) for field in fields(state.best) if field.name != "parameters"}
    description = {
        "checkpoint": 1,
        "optimizer": OPTIMIZERS.to_config(trainer.optimizer),
        "state": {name: getattr(state, name) for name in _NUMBERS},
        "best": best,
        "history": list(history),
        "seconds": history.seconds,
    }
    return write_tensors(path, tensors, description, force=force)


def load_checkpoint(trainer: Trainer, path: str | Path) -> None:
    """Put ``trainer``, made with the same network and settings, into the state that was saved at ``path``.

    Raises:
        FileError: The file is missing, damaged, no checkpoint, or of another network or optimizer.
    """
    tensors, description = read_tensors(path)
    if "checkpoint" not in description:
        raise FileError(f"{path} is a model, not a checkpoint. Load it with us.load_model.")
    _check_fit(trainer, path, tensors, description["optimizer"])
    trainer.network.parameters[:] = tensors["parameters"]
    state = trainer.state
    for name, array in state.slots.items():
        array[:] = tensors[f"slots.{name}"]
    for name in _NUMBERS:
        setattr(state, name, description["state"][name])
    state.best.parameters[:] = tensors["best.parameters"]
    for name, value in description["best"].items():
        setattr(state.best, name, value)
    trainer.history.clear()
    trainer.history.extend(description["history"])
    trainer.history.seconds = description["seconds"]


def _check_fit(trainer: Trainer, path: str | Path, tensors: dict[str, Floats], optimizer: dict[str, object]) -> None:
    own = OPTIMIZERS.to_config(trainer.optimizer)
    if own != optimizer:
        raise FileError(f"{path} was saved with the optimizer {optimizer}, but this training uses {own}.")
    saved, present = tensors["parameters"], trainer.network.parameters
    if saved.shape != present.shape or saved.dtype != present.dtype:
        raise FileError(
            f"{path} holds {saved.size} parameters in {np.dtype(saved.dtype)}, "
            f"but this network has {present.size} in {present.dtype}."
        )
