"""One replay: the program goes on from the top of a training step, with something changed, while what it computes is written down."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from unstuck.doctor.scripts.agent import Agent, assigned_part, frame_of_script
from unstuck.doctor.scripts.held_updates import owner
from unstuck.doctor.scripts.one_sample import tile
from unstuck.doctor.scripts.rewriting import evaluated, evaluated_all
from unstuck.doctor.scripts.surrogates import PairLosses
from unstuck.doctor.scripts.taped import TapedStep
from unstuck.doctor.scripts.values import digest, filled, is_integer, like, number, put, shifted
from unstuck.doctor.scripts.variables import Variable, as_floats, read, replace, write

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable
    from types import FrameType

    from numpy.typing import NDArray

_Result = TypeVar("_Result")

MOST_OCCURRENCES = 400
_MOST_MEETINGS = 4000
_FULL = 4096


@dataclass
class Question:
    """What to change, and what to write down.

    Attributes:
        shift: What to add to variables at the top of the step, by their number.
        finite: Variables whose numbers that are not finite are filled in at the top of the step, before all else.
        place: What to put into variables at the top of the step, by their number.
        tile: Variables in which every sample becomes a copy of one, by their number: the axis of the samples, and which one.
        add: What to add to a value when it appears, by (site, occurrence).
        replace: What to put in the place of a value when it appears, by (site, occurrence).
        rewrite: What takes the place of a site's own expression whenever it is evaluated, by the site.
        texts: Expressions that are evaluated where the value ``at`` appears, and after which nothing matters any more.
        at: The (site, occurrence) where they are.
        hold: For each site whose changes are held back until the end of a step, the variables that it changes.
        record: Whether to write down what every value looked like.
        values: The (site, occurrence) of values to write down in full; None: all that are not long.
        pairs: Whether to write down the operands of subtractions.
        loss: Site of the reported loss.
        pair: Site of the subtraction of outputs and targets, which operand is the target (``left`` or ``right``), and whether what meets
            there more than once are several samples.
        ends: Variables to report at the end.
        steps: How many steps to run.
        stop: The (site, occurrence) after which nothing matters any more.
        tape: Variables to be followed by the tape; None: no tape.
        tape_losses: The candidate losses of which the tape is to tell the gradients.
        tape_values: Whether to tell them for all values, not for the variables alone.
        accumulates: Whether the reported loss adds up over the step, so that its last value counts.
    """

    shift: dict[int, NDArray[np.float64]] = field(default_factory=dict)
    finite: list[int] = field(default_factory=list)
    place: dict[int, NDArray[np.float64]] = field(default_factory=dict)
    tile: dict[int, tuple[int, int]] = field(default_factory=dict)
    add: dict[tuple[int, int], NDArray[np.float64]] = field(default_factory=dict)
    replace: dict[tuple[int, int], NDArray[np.float64]] = field(default_factory=dict)
    rewrite: dict[int, str] = field(default_factory=dict)
    texts: list[str] = field(default_factory=list)
    at: tuple[int, int] | None = None
    hold: dict[int, list[int]] = field(default_factory=dict)
    record: bool = True
    values: set[tuple[int, int]] | None = None
    pairs: bool = False
    loss: int | None = None
    pair: tuple[int, str, bool] | None = None
    ends: list[int] = field(default_factory=list)
    steps: int = 1
    stop: tuple[int, int] | None = None
    tape: list[int] | None = None
    tape_losses: list[str] = field(default_factory=list)
    tape_values: bool = False
    accumulates: bool = False


class Replay(Agent):
    """Runs ``question.steps`` steps and then calls ``finish`` with what was written down."""

    def __init__(
        self, question: Question, variables: list[Variable], loop: int, finish: Callable[[dict[str, Any]], None]
    ) -> None:
        self._question = question
        self._variables = variables
        self._loop = loop
        self._finish = finish
        self._started = time.monotonic()
        self._occurrences: dict[int, int] = {}
        self._keys: list[tuple[int, int]] = []
        self._shapes: list[tuple[int, ...]] = []
        self._sums: list[tuple[float, float]] = []
        self._integers: list[bool] = []
        self._values: dict[str, NDArray[np.float64]] = {}
        self._pairs: dict[str, dict[str, NDArray[np.float64]]] = {}
        self._losses: list[float] = []
        repeats = question.pair is not None and question.pair[2]
        self._pair_losses = PairLosses(repeats=repeats)
        self._old: dict[int, NDArray[np.float64]] = {}
        self._pending: dict[int, NDArray[np.float64]] = {}
        self._tape = None if question.tape is None else TapedStep(repeats=repeats)
        self._evaluated: dict[str, NDArray[np.float64]] = {}
        self._done = 0
        self._frame: FrameType | None = None
        self._open = False

    def begin(self, frame: FrameType) -> None:
        """Change the variables as asked; the program goes on from here."""
        self._frame = frame
        for index in self._question.finite:
            unsound = as_floats(read(frame, self._variables[index]))
            if unsound is not None:
                write(frame, self._variables[index], filled(unsound))
        for index, numbers in self._question.place.items():
            write(frame, self._variables[index], numbers)
        for index, numbers in self._question.shift.items():
            old = as_floats(read(frame, self._variables[index]))
            if old is not None:
                is_whole = np.array_equal(numbers, np.round(numbers))
                write(frame, self._variables[index], old + numbers.reshape(old.shape), keeps_integers=is_whole)
        for index, (axis, sample) in self._question.tile.items():
            tile(read(frame, self._variables[index]), axis, sample)
        if self._tape is not None:
            for index in self._question.tape or ():
                replace(frame, self._variables[index], self._tape.follow(index, read(frame, self._variables[index])))
        self._start_step(frame)

    def _start_step(self, frame: FrameType) -> None:
        self._open = True
        for index in {index for indices in self._question.hold.values() for index in indices}:
            held = as_floats(read(frame, self._variables[index]))
            if held is not None:
                self._old[index] = held.copy()

    # ------------------------------------------------------------------ values

    def value(self, site: int, value: Any) -> Any:
        """Write a value down, and change it if asked to."""
        occurrence = self._occurrences.get(site, 0)
        self._occurrences[site] = occurrence + 1
        key = (site, occurrence)
        question = self._question
        if key == question.at:
            self._evaluated = self._aside(lambda: evaluated_all(question.texts, frame_of_script(), np.size(value)))
            self.stop("stopped")
        value = self._changed(key, value)
        if self._tape is not None:
            self._tape.note(key, value)
            if site == question.loss:
                self._tape.note_loss(value)
        if question.record and occurrence < MOST_OCCURRENCES:
            self._write_down(key, value)
        if site == question.loss:
            single = number(value)
            self._losses.append(np.nan if single is None else single)
        if key == question.stop:
            self.stop("stopped")
        return value

    def difference(self, site: int, left: Any, right: Any) -> Any:
        """Write the operands down too."""
        occurrence = self._occurrences.get(site, 0)
        result = left - right
        pair = self._question.pair
        is_meeting = pair is not None and pair[0] == site
        if pair is not None and is_meeting:
            outputs, targets = (right, left) if pair[1] == "left" else (left, right)
            self._pair_losses.add(outputs, targets)
            if self._tape is not None:
                self._tape.note_pair(outputs, targets)
        if self._question.pairs and occurrence < (_MOST_MEETINGS if is_meeting else MOST_OCCURRENCES):
            operands = as_floats(left), as_floats(right)
            if operands[0] is not None and operands[1] is not None:  # copies: the script may change them in place
                self._pairs[f"{site}:{occurrence}"] = {"left": operands[0].copy(), "right": operands[1].copy()}
        return self.value(site, result)

    def item(self, site: int, root: Any, indices: tuple[Hashable, ...]) -> None:
        """Write down what was changed inside of ``root``."""
        part = assigned_part(root, indices)
        changed = self.value(site, part)
        if changed is not part:
            numbers = as_floats(changed)
            if numbers is not None:
                put(part, numbers)

    def _changed(self, key: tuple[int, int], value: Any) -> Any:
        """Return a value as it is asked to be."""
        question, site = self._question, key[0]
        if site in question.rewrite:
            value = self._aside(lambda: evaluated(question.rewrite[site], frame_of_script()))
        if key in question.add:
            value = _in_place_or_new(value, shifted(value, question.add[key]))
        if key in question.replace:
            value = _in_place_or_new(value, like(value, question.replace[key]))
        return self._hold_back(question.hold[site], value) if site in question.hold else value

    def _aside(self, compute: Callable[[], _Result]) -> _Result:
        """Compute something within the script, without hearing what it computes for it."""
        Agent().install()
        try:
            return compute()
        finally:
            self.install()

    def _hold_back(self, indices: list[int], value: Any) -> Any:
        new = as_floats(value)
        index = None if new is None else owner(indices, self._old, new, self._pending)
        if new is None or index is None:
            return value
        old = self._old[index]
        change = new - old
        self._pending[index] = self._pending[index] + change if index in self._pending else change
        return _in_place_or_new(value, like(value, old))

    def _write_down(self, key: tuple[int, int], value: Any) -> None:
        found = digest(value)
        if found is None:
            return
        shape, first, second = found
        self._keys.append(key)
        self._shapes.append(shape)
        self._sums.append((first, second))
        self._integers.append(is_integer(value))
        wanted = self._question.values
        if (math.prod(shape) <= _FULL) if wanted is None else key in wanted:
            numbers = as_floats(value)
            if numbers is not None:
                self._values[f"{key[0]}:{key[1]}"] = numbers.copy() if isinstance(value, np.ndarray) else numbers

    # ------------------------------------------------------------------ steps

    def top(self, loop: int) -> None:
        """A step of the training loop is over, and the next one begins."""
        if loop == self._loop:
            frame = frame_of_script()
            if self._open:
                self._end_step(frame)
            self._start_step(frame)

    def bottom(self, loop: int) -> None:
        """The last step is over."""
        if loop == self._loop and self._open:
            self._end_step(frame_of_script())
            self._open = False

    def _end_step(self, frame: FrameType) -> None:
        self._frame = frame
        for index, change in self._pending.items():
            write(frame, self._variables[index], self._old[index] + change)
        self._pending = {}
        self._done += 1
        if self._done >= self._question.steps:
            self.stop("step")

    def ended(self, error: dict[str, Any] | None) -> None:
        """The program is over before the step was: report what there is."""
        self.stop("ended" if error is None else "failed", error)

    def stop(self, reason: str, error: dict[str, Any] | None = None) -> None:
        """Report what was written down and end the process."""
        self._question.record = self._question.pairs = False  # a script that watches calls may run on meanwhile
        self._finish(
            {
                "reason": reason,
                "error": error,
                "seconds": time.monotonic() - self._started,
                "steps": self._done,
                "keys": np.array(self._keys, np.int64).reshape(-1, 2),
                "shapes": self._shapes,
                "sums": np.array(self._sums, np.float64).reshape(-1, 2),
                "integers": self._integers,
                "values": self._values,
                "pairs": self._pairs,
                "evaluated": self._evaluated,
                "loss": self._losses,
                "pair_losses": self._pair_losses.totals(),
                "ends": self._ends(),
                "gradients": self._gradients(),
            }
        )

    def _gradients(self) -> dict[str, Any]:
        if self._tape is None:
            return {}
        question = self._question
        return self._tape.report(
            question.tape_losses, accumulates=question.accumulates, everything=question.tape_values
        )

    def _ends(self) -> dict[str, NDArray[np.float64]]:
        ends: dict[str, NDArray[np.float64]] = {}
        if self._frame is None:
            return ends
        for index in self._question.ends:
            try:
                numbers = as_floats(read(self._frame, self._variables[index]))
            except LookupError:
                continue
            if numbers is not None:
                ends[str(index)] = numbers
        return ends


def _in_place_or_new(value: Any, changed: Any) -> Any:
    """Return ``changed``, inside of the object that held ``value`` where other names may share it."""
    numbers = as_floats(changed)
    if isinstance(value, np.ndarray | list) and numbers is not None and put(value, numbers):
        return value
    return changed
