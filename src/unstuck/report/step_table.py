"""The first steps of a training in the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from unstuck.doctor.tools.step_rows import UpdateRow, ValueRow
from unstuck.report.page import Page
from unstuck.report.wording import clean, count, number

if TYPE_CHECKING:
    from rich.console import Console

    from unstuck.doctor.tools.numbers import Numbers
    from unstuck.doctor.tools.step_rows import StepRows, StepTable

_FLAG = "yellow"
_TABLE_HEAD = ("line", "name", "shape", "", "numbers")
_PERCENT = 100


def show_step_table(table: StepTable, console: Console) -> None:
    """Print every value of the steps in order, with what is conspicuous below it. Fits consoles of 60 to 200 columns.

    Args:
        table: What to show.
        console: Where.
    """
    page = Page(console)
    page.prose(_title(table), "bold")
    for step in table.steps:
        page.blank()
        page.prose(f"Step {step.iteration:,}", "bold")
        page.blank()
        _show_step(step, page, table.sample)
    page.blank()
    if table.ending:
        page.prose(f"It went no further: {clean(table.ending)}.", "bold")
    if table.flags:
        page.prose("Conspicuous:", "bold")
        for flag in table.flags:
            page.prose(f"- {clean(flag)}", _FLAG, indent=2, hang=2)
    else:
        page.prose("Everything is finite, nothing is saturated, and every parameter changes.")
    page.print()


def _title(table: StepTable) -> str:
    title = f"{clean(table.target)}: {count(len(table.steps), 'step')} of the training loop in line {table.line}"
    if table.repeated:
        title = f"{clean(table.target)}: it has no loop; {count(len(table.steps), 'step')} of what line {table.line} begins, repeated"
    if table.batch in _LAYOUTS and table.samples is not None:
        title += f", with {count(table.samples, 'sample')} each ({_LAYOUTS[table.batch]})"
    if table.sample is None:
        return f"{title}."
    return f"{title}, of sample {table.sample:,} alone where a value has a part for each."


_LAYOUTS = {"rows": "samples are rows", "columns": "samples are columns", "passes": "one pass of a loop for each"}


def _show_step(step: StepRows, page: Page, sample: int | None) -> None:
    rows = [[Text(title, "dim") for title in _TABLE_HEAD]]
    for row in step.rows:
        rows += _value_lines(row, sample) if isinstance(row, ValueRow) else _update_lines(row)
    page.columns(rows, indent=2, right=(0,))


def _value_lines(row: ValueRow, sample: int | None) -> list[list[Text]]:
    name = Text(clean(row.name))
    if row.function:
        name.append(f" in {clean(row.function)}", "dim")
    if row.times > 1:
        name.append(f", {row.times:,} times", "dim")
    part = f"sample {sample}" if row.numbers.of_sample else ""
    return [
        [_place(row.line, row.cell), name, Text(_shape(row.numbers)), Text(part, "dim"), Text(_numbers(row.numbers))],
        *_flag_lines(row.flags),
    ]


def _update_lines(row: UpdateRow) -> list[list[Text]]:
    blank = Text()
    shape = Text(_shape(row.before))
    first = [
        _place(row.line, row.cell),
        Text(clean(row.name), "bold"),
        shape,
        Text("before", "dim"),
        Text(_numbers(row.before)),
    ]
    lines = [first, [blank, blank, blank, Text("after", "dim"), Text(_numbers(row.after))]]
    if row.change is not None and row.change_norm is not None:
        change = Text(_numbers(row.change))
        change.append(f"\nnorm {number(row.change_norm)}{_share(row)}", "cyan")
        lines.append([blank, blank, blank, Text("change", "dim"), change])
    return [*lines, *_flag_lines(row.flags)]


def _share(row: UpdateRow) -> str:
    if row.change_norm is None or not row.norm:
        return ""
    return f", {number(_PERCENT * row.change_norm / row.norm)} % of the norm before, {number(row.norm)}"


def _flag_lines(flags: tuple[str, ...]) -> list[list[Text]]:
    return [[Text(), Text(), Text(), Text("!", _FLAG), Text(clean(flag), _FLAG)] for flag in flags]


def _place(line: int | None, cell: int | None) -> Text:
    if line is None:
        return Text()
    return Text(f"{line}" if cell is None else f"{cell}:{line}", "dim")


def _shape(numbers: Numbers) -> str:
    if numbers.shape is None:
        return ""
    return "number" if numbers.shape == () else str(numbers.shape)


def _numbers(numbers: Numbers) -> str:
    if numbers.shape is None:
        return numbers.kind if numbers.entries is None else f"{numbers.kind} of {numbers.entries:,}"
    if numbers.values is not None:
        last = numbers.values.shape[-1] if numbers.values.ndim > 1 else 1
        values = numbers.values.reshape(-1, last) if last > 1 else numbers.values.reshape(1, -1)  # a column lies down
        texts = [[_number(value, numbers) for value in line] for line in values.tolist()]
        width = max(len(text) for line in texts for text in line) if len(texts) > 1 else 0
        return "\n".join("  ".join(f"{text:>{width}}" for text in line) for line in texts)
    if numbers.range is None:
        return "none is finite"
    low, mean, high = numbers.range
    if low == high:
        return f"all {_number(low, numbers)}"
    return f"{_number(low, numbers)} to {_number(high, numbers)}, mean {number(mean)}"


def _number(value: float, numbers: Numbers) -> str:
    return f"{int(value):,}" if numbers.is_integer and value == int(value) else number(value)
