"""The right scripts from which everything is made, and what is known about each."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent
_BLOCK = re.compile(r"\n*# /// faultbench\n(?P<facts>(?:# .*\n)+)# ///\n*\Z")
_SEEDING = re.compile(
    r"(?P<call>\b(?:np\.random\.seed|random\.seed|default_rng|RandomState|rng_seed)\(\s*(?:seed\s*=\s*)?)(?P<seed>\d+)(?=\s*\))"
)


@dataclass(frozen=True)
class Original:
    """A right script.

    Attributes:
        name: That of its file.
        kind: ``style``, from which mutants are made, or ``odd``, which looks wrong and is right.
        text: The script, without what is said about it at its end.
        task: What it learns.
        loop: Which ``for`` or ``while``, from 1 in the order of the text, takes one update of the parameters in each pass.
        parameters: Expressions that give all parameters at the top of that loop's body.
        loss: The name that is assigned the loss, or of the function that returns it.
    """

    name: str
    kind: str
    text: str
    task: str
    loop: int
    parameters: tuple[str, ...]
    loss: str


@cache
def originals(kind: str) -> tuple[Original, ...]:
    """Return all scripts of a kind, in the order of their names."""
    folder = _FOLDER / ("styles" if kind == "style" else kind)
    return tuple(_read(path, kind) for path in sorted(folder.glob("*.py")))


def with_seed(text: str, offset: int) -> str:
    """Return a script that draws other random numbers: the number in its seeding call is larger by ``offset``."""
    return _SEEDING.sub(lambda found: f"{found['call']}{int(found['seed']) + offset}", text)


def _read(path: Path, kind: str) -> Original:
    text = path.read_text(encoding="utf-8")
    block = _BLOCK.search(text)
    if block is None:
        raise ValueError(f"{path.name} does not end with a block '# /// faultbench' that says what is in it.")
    facts = tomllib.loads(re.sub(r"(?m)^# ", "", block["facts"]))
    script = text[: block.start()] + "\n"
    if _SEEDING.search(script) is None:
        raise ValueError(f"{path.name} has no seeding call with a literal number.")
    return Original(path.stem, kind, script, facts["task"], facts["loop"], tuple(facts["parameters"]), facts["loss"])
