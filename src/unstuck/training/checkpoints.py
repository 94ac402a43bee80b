"""A training run on disk: what is needed to go on as if it had never stopped."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any

from unstuck.errors import FileError
from unstuck.tensor_files import read_tensors, write_tensors
from unstuck.training.optimizers import OPTIMIZERS

if TYPE_CHECKING:
    from pathlib import Path

    from unstuck.arrays import Floats
    from unstuck.training.trainer import Trainer

_SCHEMA = 1
_NUMBERS = ("epoch", "batch", "step", "rate_factor", "loss_sum", "schedule")


def save_checkpoint(trainer: Trainer, path: str | Path, *, force: bool = False) -> Path:
    """Write the state of ``trainer`` to ``path``, whole or not at all.

    A run that is restored from it goes on bit for bit as the uninterrupted one would, since random numbers depend on seed and epoch alone.

    Raises:
        FileError: The file exists and ``force`` is not set, or it cannot be written.
        OptionError: The optimizer is a class of the user's that is not registered.
    """
    state, history = trainer.state, trainer.history
    best = {field.name: getattr(state.best, field.name) for field in fields(state.best) if field.name != "parameters"}
    description = {
        "checkpoint": _SCHEMA,
        "optimizer": OPTIMIZERS.to_config(trainer.optimizer),
        "parameters": _shapes(trainer),
        "state": {name: getattr(state, name) for name in _NUMBERS},
        "best": best,
        "history": list(history),
        "seconds": history.seconds,
    }
    return write_tensors(path, _arrays(trainer), description, force=force)


def load_checkpoint(trainer: Trainer, path: str | Path) -> None:
    """Put ``trainer``, made with the same network and settings, into the state that was saved at ``path``.

    Raises:
        FileError: The file is missing, damaged, no checkpoint, or of another network or optimizer. Then ``trainer`` stays as it is.
    """
    tensors, description = read_tensors(path)
    if "checkpoint" not in description:
        raise FileError(f"{path} is a model, not a checkpoint. Load it with us.load_model.")
    if description["checkpoint"] != _SCHEMA:
        raise FileError(
            f"{path} holds no checkpoint this version can read (schema {description['checkpoint']!r}, expected {_SCHEMA})."
        )
    _check_fit(trainer, path, tensors, description)
    state, history = trainer.state, trainer.history
    for name, array in _arrays(trainer).items():
        array[:] = tensors[name]
    for name in _NUMBERS:
        setattr(state, name, description["state"][name])
    for name, value in description["best"].items():
        setattr(state.best, name, value)
    history[:] = description["history"]
    history.seconds = description["seconds"]


def _arrays(trainer: Trainer) -> dict[str, Floats]:
    """Every array of a run, by the name it has in the file."""
    arrays = {"parameters": trainer.network.parameters, "best.parameters": trainer.state.best.parameters}
    return arrays | {f"slots.{name}": array for name, array in trainer.state.slots.items()}


def _shapes(trainer: Trainer) -> dict[str, list[int]]:
    return {name: list(array.shape) for name, array in trainer.network.named_parameters().items()}


def _call(optimizer: dict[str, Any]) -> str:
    """Such as ``gd(learning_rate=0.1, momentum=0.9)``."""
    settings = [f"{name}={value!r}" for name, value in optimizer.items() if name != "name"]
    return f"{optimizer['name']}({', '.join(settings)})"


def _check_fit(trainer: Trainer, path: str | Path, tensors: dict[str, Floats], description: dict[str, Any]) -> None:
    own, optimizer = OPTIMIZERS.to_config(trainer.optimizer), description["optimizer"]
    if own != optimizer:
        raise FileError(f"{path} was saved with the optimizer {_call(optimizer)}, but this training uses {_call(own)}.")
    saved, present = tensors["parameters"], trainer.network.parameters
    if saved.shape != present.shape or saved.dtype != present.dtype:
        raise FileError(
            f"{path} holds {saved.size} parameters in {saved.dtype}, "
            f"but this network has {present.size} in {present.dtype}."
        )
    shapes = _shapes(trainer)
    for (there, shape), (here, own_shape) in zip(description["parameters"].items(), shapes.items(), strict=False):
        if there != here or shape != own_shape:
            raise FileError(
                f"{path} holds {there} of shape {tuple(shape)}, but this network has {here} of shape {tuple(own_shape)}."
            )
