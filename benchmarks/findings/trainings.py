"""The trainings: the built-in tasks at their defaults, and what the examples train."""

from __future__ import annotations

import contextlib
import importlib.util
import io
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest import mock

import unstuck as us
from unstuck.data.tasks import names
from unstuck.recipes import build_model, recipe_for

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_EXAMPLES = Path(__file__).parents[2] / "examples"
_LARGE = ("mnist", "mnist_784_16_10")
_ONLY_FOR_A_NETWORK = ("optimizer", "learning_rate", "batch_size", "epochs", "shuffle", "schedule")
_MARK = 0.05
_OF_OTHERS = 0.92
_MANY = 50


@dataclass(frozen=True)
class Training:
    """One training.

    Attributes:
        name: Of the task or the example, and which training of the example.
        network: Where it starts.
        inputs: Shape ``(rows, n_in)``.
        targets: Shape ``(rows, n_out)``.
        settings: As of :func:`unstuck.train`.
        others: Rows that it is not trained on and their classes, where the mark is how many of those are right.
    """

    name: str
    network: us.Network
    inputs: Any
    targets: Any
    settings: dict[str, Any]
    others: tuple[Any, Any] | None = None

    def run(self) -> tuple[bool, us.Monitor]:
        """Train, watched by a monitor; return whether it has come to its mark, and the monitor.

        The mark is the target loss, or 5 % of the error of the best constant, or, of classes with many rows, a twentieth of them wrong.
        That of MNIST 784-16-10 is what the example is there to show: 92 % of the digits that it has not seen.
        """
        monitor = us.Monitor(say=lambda _: None)
        network = self.network.copy()
        given = dict(self.settings)
        given["callbacks"] = [monitor]
        history = us.train(network, self.inputs, self.targets, **given)
        return self._is_reached(network, history), monitor

    def diagnose(self) -> us.Diagnosis:
        """Ask the doctor."""
        known = {name: value for name, value in self.settings.items() if name in _ONLY_FOR_A_NETWORK}
        return us.diagnose(self.network, self.inputs, self.targets, **known)

    def _is_reached(self, network: us.Network, history: us.History) -> bool:
        if self.others is not None:
            rows, classes = self.others
            return float((network.predict(rows).argmax(1) == classes).mean()) > _OF_OTHERS
        if history.stopped_by == "target":
            return True
        outputs, targets = network.predict(self.inputs), self.targets.reshape(len(self.inputs), -1)
        if len(targets) >= _MANY and set(targets.ravel()[:1000].tolist()) <= {0.0, 1.0}:
            said, wanted = (
                each.argmax(1) if each.shape[1] > 2 else each[:, 0] > 0.5  # noqa: PLR2004 (classes, or a bit)
                for each in (outputs, targets)
            )
            return float((said != wanted).mean()) <= _MARK
        return float(((outputs - targets) ** 2).mean()) <= _MARK * float(targets.var(0).mean())


def task_names(*, large: bool) -> list[str]:
    """Return the built-in tasks, those that take minutes only if wanted."""
    return [name for name in names() if large or name not in _LARGE]


def of_task(name: str, seed: int) -> Training:
    """Return the training of a built-in task as the command line does it."""
    data = us.load_data(name, seed=seed)
    recipe = recipe_for(data)
    model = build_model(data, recipe, seed)
    settings = {
        "optimizer": recipe.optimizer, "learning_rate": recipe.learning_rate, "batch_size": recipe.batch_size,
        "schedule": recipe.schedule, "target_loss": recipe.target_loss, "epochs": recipe.epochs, "seed": seed,
    }  # fmt: skip
    x, y = model.network.check(model.inputs(data.inputs), model.targets(data.targets))
    return Training(name, model.network, x, y, settings)


def example_names(*, large: bool) -> list[str]:
    """Return the examples, those that train on MNIST only if wanted."""
    found = sorted(path.stem for path in _EXAMPLES.glob("*.py"))
    return [name for name in found if large or name not in _LARGE]


def of_example(name: str, seed: int) -> Iterator[Training]:
    """Yield what an example trains, from other first weights than its own: it runs, and what it asks for is noted."""
    found: list[tuple[us.Network, Any, Any, dict[str, Any]]] = []
    make, train = us.Network, us.train

    def make_seeded(*given: Any, **settings: Any) -> us.Network:
        return make(*given, **{**settings, "seed": seed})

    def note(network: us.Network, inputs: Any, targets: Any, **settings: Any) -> us.History:
        found.append((network.copy(), inputs, targets, settings))
        return train(network, inputs, targets, **{**settings, "epochs": 2, "callbacks": []})

    with (
        mock.patch.object(us, "Network", make_seeded),
        mock.patch.object(us, "train", note),
        contextlib.redirect_stdout(io.StringIO()),
        contextlib.suppress(Exception),  # with two epochs for each, what it shows of them may not work
    ):
        _run(_EXAMPLES / f"{name}.py")
    for number, (network, inputs, targets, settings) in enumerate(found, 1):
        x, y = network.check(inputs, targets)
        known = {key: value for key, value in settings.items() if key not in ("callbacks", "history_every")}
        yield Training(f"{name} {number}", network, x, y, {**known, "seed": seed}, _other_digits(name))


def _other_digits(name: str) -> tuple[Any, Any] | None:
    """Return the test digits, scaled as the example does it, where these are the mark."""
    if name not in _LARGE:
        return None
    digits = us.load_data("mnist")
    if digits.test_inputs is None:
        raise ValueError("MNIST comes without its test digits")
    return digits.test_inputs.astype("float32") / 255, digits.test_targets


def _run(path: Path) -> None:
    """Run a script as ``python script.py`` does, in a folder of its own making for pictures."""
    spec = importlib.util.spec_from_file_location("__main__", path)
    if spec is None or spec.loader is None:
        raise ImportError(path)
    module = importlib.util.module_from_spec(spec)
    load: Callable[[Any], None] = spec.loader.exec_module
    with mock.patch.object(sys, "argv", [str(path), "--out", "runs/pictures"]):
        load(module)
