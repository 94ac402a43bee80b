"""The directive ``defaults``: tables of names, settings and recipes, made from the code at each build."""

from __future__ import annotations

import inspect
import math
from dataclasses import MISSING, fields
from typing import TYPE_CHECKING, Any

import numpy as np
from sphinx.util.docutils import SphinxDirective

from _ext.rst import arguments, literal, paragraphs, table
from _ext.torch_defaults import torch_table
from unstuck.api import train
from unstuck.data.dataset import KINDS, Dataset
from unstuck.data.tasks import TASKS
from unstuck.nets import ACTIVATIONS, INITIALIZERS, LAYERS, LOSSES, Dense, Network
from unstuck.recipes import output_for, recipe_for
from unstuck.training.metrics import METRICS
from unstuck.training.optimizers import OPTIMIZERS
from unstuck.training.schedules import SCHEDULES
from unstuck.training.trainer import Trainer

if TYPE_CHECKING:
    from collections.abc import Callable

    from docutils import nodes
    from sphinx.application import Sphinx

    from unstuck.recipes import Recipe
    from unstuck.registry import Registry


_COLUMNS = {
    "hidden", "activation", "optimizer", "batch_size", "epochs", "target_loss", "validation", "patience", "scaling", "dtype", "rates",
}  # fmt: skip
"""What of a recipe has a column, or a table, of its own."""


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directive."""
    app.add_directive("defaults", DefaultsDirective)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


class DefaultsDirective(SphinxDirective):
    """``.. defaults:: losses`` becomes the table of losses; see :data:`TABLES`."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return the table."""
        return self.parse_text_to_nodes(TABLES[self.arguments[0]]())


def activations() -> str:
    """Return the table of activations."""
    rows = [
        [_name(ACTIVATIONS, name), _summary(cls), _range(*cls.output_range), f"``{cls.initializer}``", _settings(cls)]
        for name, cls in _entries(ACTIVATIONS)
    ]
    return table(["name", "formula", "outputs", "weights start as", "settings"], rows, [14, 44, 12, 15, 15])


def losses() -> str:
    """Return the table of losses, each with what a row costs."""
    rows = [
        [_name(LOSSES, name), _cost(cls), f"``{cls.output_activation}``", _settings(cls)]
        for name, cls in _entries(LOSSES)
    ]
    return table(["name", "what a row costs", "made for", "settings"], rows, [12, 58, 12, 18])


def optimizers() -> str:
    """Return the table of optimizers with all their settings."""
    rows = [
        [_name(OPTIMIZERS, name), _summary(cls), _settings(cls), "all" if cls.full_batch_only else "any number"]
        for name, cls in _entries(OPTIMIZERS)
    ]
    return table(["name", "what it does", "settings", "rows a step"], rows, [12, 45, 30, 13])


def initializers() -> str:
    """Return the table of initialisers."""
    rows = [[_name(INITIALIZERS, name), _summary(cls), _settings(cls)] for name, cls in _entries(INITIALIZERS)]
    return table(["name", "the first weights", "settings"], rows, [20, 62, 18])


def schedules() -> str:
    """Return the table of schedules."""
    rows = [[_name(SCHEDULES, name), _summary(cls), _settings(cls)] for name, cls in _entries(SCHEDULES)]
    return table(["name", "the factor of the learning rate", "settings"], rows, [15, 60, 25])


def metrics() -> str:
    """Return the table of metrics."""
    rows = [
        [
            _name(METRICS, name),
            _summary(cls),
            "every kind" if set(cls.kinds) == set(KINDS) else ", ".join(cls.kinds),
            "more" if cls.greater_is_better else "less",
        ]
        for name, cls in _entries(METRICS)
    ]
    return table(["name", "what it is", "kinds of task", "better is"], rows, [18, 50, 20, 12])


def layers() -> str:
    """Return the table of layers."""
    rows = [[_name(LAYERS, name), _summary(cls), _signature_settings(cls)] for name, cls in _entries(LAYERS)]
    return table(["name", "what it computes", "settings"], rows, [14, 52, 34])


def network() -> str:
    """Return the table of a network's settings."""
    return _arguments_table(Network, Network.__init__)


def trainer() -> str:
    """Return the table of a trainer's settings."""
    return _arguments_table(Trainer, Trainer.__init__)


def training() -> str:
    """Return the table of what ``us.train`` takes besides a trainer's settings."""
    return _arguments_table(train, train)


def recipes() -> str:
    """Return the table of what ``unstuck train`` does with each task, and with tables of one's own."""
    chosen: list[tuple[str, Recipe]] = [(f"``{name}``", recipe_for(_rows(name, 4))) for name in TASKS]
    chosen += [
        ("a file, fewer than 20 rows", recipe_for(_rows("file", 19))),
        ("a file, 20 to 2,000 rows", recipe_for(_rows("file", 2000))),
        ("a file, more rows", recipe_for(_rows("file", 2001))),
    ]
    header = ["data", "hidden", "activation", "optimizer", "batch", "epochs", "ends early", "scaling", "dtype", "more"]
    return table(header, [_recipe_row(name, recipe) for name, recipe in chosen], [14, 7, 9, 9, 6, 7, 14, 9, 8, 17])


def rates() -> str:
    """Return the table of learning rates that a recipe brings for optimizers other than its own."""
    by_rates: dict[tuple[tuple[str, float], ...], list[str]] = {}
    for name in TASKS:
        by_rates.setdefault(tuple(recipe_for(_rows(name, 4)).rates.items()), []).append(f"``{name}``")
    rows = [
        [", ".join(names), ", ".join(f"``{optimizer}`` {rate:g}" for optimizer, rate in rates)]
        for rates, names in by_rates.items()
        if rates
    ]
    return table(["data", "learning rate"], rows, [40, 60])


def outputs() -> str:
    """Return the table of output activation and loss for each kind of targets."""
    rows = []
    for kind in KINDS:
        activation = output_for(kind, None)
        loss = LOSSES.describe(Network([Dense(2, 2, activation)]).loss)
        rows.append([kind, f"``{activation}``", f"``{loss}``"])
    return table(["kind of targets", "output activation", "loss"], rows, [34, 33, 33])


def tasks() -> str:
    """Return the table of built-in tasks."""
    rows = [[f"``{name}``", task.summary] for name, task in sorted(TASKS.items())]
    return table(["task", "what it is"], rows, [20, 80])


TABLES: dict[str, Callable[[], str]] = {
    "activations": activations,
    "losses": losses,
    "optimizers": optimizers,
    "initializers": initializers,
    "schedules": schedules,
    "metrics": metrics,
    "layers": layers,
    "network": network,
    "trainer": trainer,
    "training": training,
    "recipes": recipes,
    "rates": rates,
    "outputs": outputs,
    "tasks": tasks,
    "torch": torch_table,
}
"""What the directive can show, by name."""


def _entries(registry: Registry[Any]) -> list[tuple[str, Any]]:
    return [(name, type(registry.create(name, **_needed(registry, name)))) for name in registry.names()]


def _needed(registry: Registry[Any], name: str) -> dict[str, Any]:
    """Return sizes for layers that cannot be made without."""
    return {"dense": {"n_in": 1, "n_out": 1}, "layer_norm": {"n": 1}}.get(name, {}) if registry is LAYERS else {}


def _name(registry: Registry[Any], name: str) -> str:
    cls = dict(_entries(registry))[name]
    return f"| ``{name}``\n| :class:`~{cls.__module__}.{cls.__qualname__}`"


def _summary(cls: type) -> str:
    """Return the first paragraph of a docstring."""
    return paragraphs(cls)[0]


def _cost(loss: type) -> str:
    """Return the docstring up to the paragraph that says what a row costs, or its first paragraph if none does."""
    parts = paragraphs(loss)
    last = next((number for number, part in enumerate(parts) if "costs" in part), 0)
    return "\n\n".join(parts[: last + 1])


def _settings(cls: Any) -> str:
    """Return the settings of a registered class with their defaults, one a line."""
    return _lines(
        f"``{field.name}={field.default!r}``" if field.default is not MISSING else f"``{field.name}``"
        for field in sorted(fields(cls), key=lambda field: field.kw_only is True)
        if field.init
    )


def _signature_settings(cls: Any) -> str:
    return _lines(f"``{parameter}``" for parameter in _without_types(cls.__init__))


def _without_types(function: Any) -> list[str]:
    parameters = list(inspect.signature(function).parameters.values())
    return [str(parameter.replace(annotation=parameter.empty)) for parameter in parameters if parameter.name != "self"]


def _lines(parts: Any) -> str:
    return "\n".join(f"| {part}" for part in parts)


def _range(low: float, high: float) -> str:
    def number(value: float) -> str:
        return f"{value:g}" if math.isfinite(value) else "∞" if value > 0 else "−∞"

    return "any" if math.isinf(low) and math.isinf(high) else f"{number(low)} to {number(high)}"


def _arguments_table(documented: object, function: Any) -> str:
    said = arguments(documented)
    rows = []
    for parameter in inspect.signature(function).parameters.values():
        if parameter.name == "self" or parameter.kind is parameter.VAR_KEYWORD:
            continue
        default = "needed" if parameter.default is parameter.empty else literal(parameter.default)
        rows.append([f"``{parameter.name}``", default, said[parameter.name]])
    return table(["setting", "default", "meaning"], rows, [18, 14, 68])


def _rows(name: str, n: int) -> Dataset:
    """Return a data set of this name and size: all that a recipe looks at."""
    return Dataset(name, np.zeros((n, 1)), np.zeros((n, 1)), "binary")


def _recipe_row(name: str, recipe: Recipe) -> list[str]:
    full = recipe.batch_size == "full" or OPTIMIZERS.create(recipe.optimizer).full_batch_only
    ends = []
    if recipe.target_loss is not None:
        ends.append(f"loss {recipe.target_loss:g}")
    if recipe.validation is not None:
        ends.append(f"validation {recipe.validation:g}")
    if recipe.patience is not None:
        ends.append(f"patience {recipe.patience}")
    return [
        name,
        ", ".join(map(str, recipe.hidden)) or "none",
        f"``{recipe.activation}``" if recipe.hidden else "",
        f"``{recipe.optimizer}``",
        "all" if full else str(recipe.batch_size or 32),
        f"{recipe.epochs:,}",
        _lines(ends) if ends else "no",
        recipe.scaling,
        recipe.dtype,
        _lines(
            f"``{field.name}={getattr(recipe, field.name)!r}``"
            for field in fields(recipe)
            if field.name not in _COLUMNS and getattr(recipe, field.name) != field.default
        ),
    ]
