"""Each sample's output and cost, printed every so many epochs: for data that fits on a screen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from unstuck.limits import check_count
from unstuck.training.callbacks import Callback

if TYPE_CHECKING:
    from collections.abc import Callable

    from unstuck.arrays import Floats
    from unstuck.nets import Network
    from unstuck.training.history import Row
    from unstuck.training.trainer import Trainer

_MOST_ROWS = 20


class SampleReport(Callback):
    """Prints input, output, target and cost of every sample, every ``every`` epochs and at the end also the rounded outputs.

    Args:
        inputs: Shape ``(rows, n_in)``; of more than 20 rows the first 20 are shown.
        targets: Shape ``(rows, n_out)``.
        every: Report after so many epochs, beginning with the first; 0 for only at the end.
        show: Where the text goes (default ``print``).
        shown_inputs: What is printed for each row, where that is not what the network sees, such as the inputs before scaling.
        unit: Turns outputs and targets into the unit in which they are printed, such as ``model.target_scaling.undo``.
        rounded: Whether to print the rounded outputs at the end (default yes).

    Raises:
        OptionError: ``every`` is below 0 or no whole number.
    """

    def __init__(
        self,
        inputs: Any,
        targets: Any,
        *,
        every: int = 0,
        show: Callable[[str], object] = print,
        shown_inputs: Any = None,
        unit: Callable[[Floats], Floats] | None = None,
        rounded: bool = True,
    ) -> None:
        check_count("every", every, least=0)
        self._data = inputs[:_MOST_ROWS], targets[:_MOST_ROWS]
        self._shown_inputs = None if shown_inputs is None else shown_inputs[:_MOST_ROWS]
        self._unit = unit
        self._rounded = rounded
        self._every = every
        self._show = show

    def on_epoch(self, trainer: Trainer, row: Row) -> bool | None:
        """Report if it is time to."""
        epoch = int(row["epoch"])
        if self._every and (epoch % self._every == 0 or epoch == 1):
            self._show(f"epoch {epoch}   loss {row['loss']:.6g}\n{self._table(trainer)}")
        return None

    def on_end(self, trainer: Trainer) -> None:
        """Report the outputs, raw and rounded."""
        self._show(f"outputs at the end\n{self._table(trainer, rounded=self._rounded)}")

    def _table(self, trainer: Trainer, *, rounded: bool = False) -> str:
        return sample_table(
            trainer.network, *self._data, rounded=rounded, shown_inputs=self._shown_inputs, unit=self._unit
        )


def sample_table(
    network: Network,
    inputs: Any,
    targets: Any,
    *,
    rounded: bool = False,
    shown_inputs: Any = None,
    unit: Callable[[Floats], Floats] | None = None,
) -> str:
    """Return a line for each sample: its input, output, target and cost, and the rounded output if asked for.

    The arguments are those of :class:`SampleReport`. The cost is the loss on what the network sees, in no unit.
    """
    x, y = network.check(inputs, targets)
    last = network.forward(x)[-1]
    costs = network.loss.cost(last.preactivation, last.activation, y, network.output_activation)
    outputs, truths = (last.activation, y) if unit is None else (unit(last.activation), unit(y))
    samples = x if shown_inputs is None else shown_inputs
    lines = []
    for sample, output, target, cost in zip(samples, outputs, truths, costs, strict=True):
        whole = f"  rounded {_numbers(output.round() + 0)}" if rounded else ""
        lines.append(f"  {_numbers(sample)} -> {_numbers(output)}{whole}  target {_numbers(target)}  cost {cost:.6g}")
    return "\n".join(lines)


def _numbers(values: Floats) -> str:
    return "[" + " ".join(f"{value:.6g}" for value in values) + "]"
