"""Models as files: a safetensors file with the architecture in its metadata."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from unstuck.data.scaling import Scaling
from unstuck.errors import FileError, UsageError
from unstuck.model import Model
from unstuck.nets.config import network_from_config, network_to_config
from unstuck.tensor_files import read_tensors, write_tensors

if TYPE_CHECKING:
    from unstuck.arrays import Floats

MODEL_FILE = "model.safetensors"
"""What a run folder calls its model."""

_SCHEMA = 1


def save_model(model: Model, path: str | Path, *, force: bool = False) -> Path:
    """Write ``model`` to ``path``, whole or not at all.

    The tensors are the parameters by name (``layer1.weights`` …) and the scalings (``input.shift``, ``input.factor``,
    ``target.shift``, ``target.factor``).

    Args:
        model: What to save.
        path: A file name, usually with the suffix ``.safetensors``.
        force: Replace a file that is already there.

    Raises:
        FileError: The file exists and ``force`` is not set, or it cannot be written.
        OptionError: The network uses a class of the user's that is not registered.
    """
    description = {
        "schema": _SCHEMA,
        "network": network_to_config(model.network),
        "kind": model.kind,
        "class_names": list(model.class_names),
        "feature_names": list(model.feature_names),
    }
    tensors: dict[str, Floats] = {
        **model.network.named_parameters(),
        "input.shift": model.input_scaling.shift,
        "input.factor": model.input_scaling.factor,
        "target.shift": model.target_scaling.shift,
        "target.factor": model.target_scaling.factor,
    }
    return write_tensors(path, tensors, description, force=force)


def load_model(path: str | Path) -> Model:
    """Read a model from a file, or from the run folder that holds it.

    Raises:
        FileError: It is missing, truncated, or not a model of this package.
    """
    file = Path(path) / MODEL_FILE if Path(path).is_dir() else Path(path)
    if file != Path(path) and not file.exists():
        raise FileError(f"{path} is no run folder: it holds no {MODEL_FILE}.")
    tensors, description = read_tensors(file)
    if "checkpoint" in description:
        raise FileError(f"{file} is a checkpoint, not a model. Load it with us.load_checkpoint.")
    if description.get("schema") != _SCHEMA or "network" not in description:
        raise FileError(
            f"{file} holds no model this version can read (schema {description.get('schema')!r}, expected {_SCHEMA})."
        )
    try:
        return _assemble(tensors, description)
    except (TypeError, UsageError) as error:
        raise FileError(f"{file} describes a model that cannot be rebuilt: {error}") from error


def _assemble(tensors: dict[str, Floats], description: dict[str, Any]) -> Model:
    network = network_from_config(description["network"])
    scalings = [f"{which}.{part}" for which in ("input", "target") for part in ("shift", "factor")]
    _check_there(tensors, [*network.named_parameters(), *scalings])
    _check_there(description, ["kind", "class_names", "feature_names"])
    for name, array in network.named_parameters().items():
        if tensors[name].shape != array.shape:
            raise UsageError(f"{name} has shape {tensors[name].shape}, expected {array.shape}.")
        array[...] = tensors[name]
    return Model(
        network,
        description["kind"],
        _scaling(tensors, "input"),
        _scaling(tensors, "target"),
        tuple(description["class_names"]),
        tuple(description["feature_names"]),
    )


def _check_there(held: dict[str, Any], names: list[str]) -> None:
    for name in names:
        if name not in held:
            raise UsageError(f"it has no {name}.")


def _scaling(tensors: dict[str, Floats], which: str) -> Scaling:
    return Scaling(tensors[f"{which}.shift"].astype(np.float64), tensors[f"{which}.factor"].astype(np.float64))
