"""What a script gets to read when it asks its user something: plausible answers, and an end to them."""

from __future__ import annotations

import builtins
import io
import sys
from typing import Any, NoReturn

_PATIENCE = 100
_THEN = ("0", "n", "y", "q", "quit", "exit", "")
_MOST = 1000
_YES_OR_NO = ("y/n", "[y", "(y", "yes/no", "yes or no")


class Answers(io.TextIOBase):
    """Stands in for ``sys.stdin`` and answers ``input()``.

    The answer is ``1``, which is a number, a menu entry and a name of a file that need not exist; ``y`` where the question says so.
    A question that was asked a hundred times in a row is one that waits for another answer, so ``0``, ``n``, ``y``, ``q``,
    ``quit``, ``exit`` and an empty line follow in turn. After a thousand answers the input is at its end.
    """

    name = "<stdin>"
    mode = "r"

    def __init__(self) -> None:
        super().__init__()
        self.given = 0
        self._question = ""
        self._repeated = 0

    @property
    def encoding(self) -> str:  # type: ignore[override]  # a writable attribute there, and nothing to write here
        """UTF-8."""
        return "utf-8"

    @property
    def buffer(self) -> io.BytesIO:
        """One answer as bytes."""
        return io.BytesIO(self.read().encode())

    @property
    def is_over(self) -> bool:
        """Whether the last answer has been given."""
        return self.given >= _MOST

    def answer(self, question: str = "") -> str | None:
        """Return the answer to a question, None after the last one."""
        self._repeated = self._repeated + 1 if question == self._question else 0
        self._question = question
        if self.given >= _MOST:
            return None
        self.given += 1
        if self._repeated >= _PATIENCE:
            return _THEN[self._repeated % len(_THEN)]
        return "y" if any(sign in question.lower() for sign in _YES_OR_NO) else "1"

    def readline(self, size: int | None = -1, /) -> str:  # type: ignore[override]  # the two bases of its own disagree
        """Return the next answer as a line, the empty text after the last one."""
        answer = self.answer()
        line = "" if answer is None else f"{answer}\n"
        return line if size is None or size < 0 else line[:size]

    def read(self, size: int | None = -1, /) -> str:
        """Return one answer: all there is to read at this moment."""
        return self.readline(size)

    def readlines(self, hint: int | None = -1, /) -> list[str]:  # type: ignore[override]  # as above
        """Return one answer."""
        return [self.readline(hint)]

    def __next__(self) -> NoReturn:
        """End at once: who reads all lines of the input wants a file, and there is none."""
        raise StopIteration

    def readable(self) -> bool:
        """Yes."""
        return True

    def fileno(self) -> int:
        """Return the number that the real stream has."""
        return 0

    def close(self) -> None:
        """Do nothing."""


def answer_questions() -> Answers:
    """Replace ``sys.stdin`` and ``input``, and return what answers."""
    answers = Answers()

    def answer(prompt: Any = "", /) -> str:
        """Return an answer, as ``input`` does; the prompt is printed."""
        sys.stdout.write(str(prompt))
        given = answers.answer(str(prompt))
        if given is None:
            raise EOFError("EOF when reading a line")  # the words of the real one
        sys.stdout.write("\n")
        return given

    answer.__name__ = "input"
    sys.stdin = answers
    builtins.input = answer
    return answers
