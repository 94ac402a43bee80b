r"""Formulas as plain text, for a terminal: ``\frac{\partial J}{\partial W_1}`` becomes ``∂J/∂W₁``.

It knows the TeX that the pages about faults use, and refuses any other.
"""

from __future__ import annotations

import re

from unstuck.errors import UsageError

_SYMBOLS = {
    "Delta": "Δ", "Rightarrow": "⇒", "approx": "≈", "beta": "β", "cdot": "·", "delta": "δ", "ell": "ℓ", "epsilon": "ε",
    "eta": "η", "ge": "≥", "in": "∈", "infty": "∞", "lVert": "‖", "lambda": "λ", "ldots": "…", "le": "≤", "leftarrow": "←", "ln": "ln",
    "log": "log", "max": "max", "mu": "μ", "nabla": "∇", "ne": "≠", "odot": "⊙", "partial": "∂", "propto": "∝", "qquad": "\0\0",
    "quad": "\0", "rVert": "‖", "rho": "ρ", "sigma": "σ", "sum": "Σ", "tau": "τ", "times": "×", "to": "→", "top": "ᵀ",
}  # fmt: skip
_GAP = "  "
_PIECE = re.compile(r"\\(?:[A-Za-z]+|.)|\s+|.", re.DOTALL)
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_LOWERED = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_SINGLE = re.compile(r"[∂∇]?(?:\w[₀-₉]*(?:_\w+)?|\d+)")
_MACRON = "\u0304"


def plain(formula: str) -> str:
    r"""Return a TeX formula as plain text.

    Raises:
        UsageError: It uses a command that is not known here, or its braces do not match.

    >>> plain(r"W \leftarrow W - \eta \frac{\partial J}{\partial W}")
    'W ← W - η ∂J/∂W'
    >>> plain(r"\delta_1 = (\delta_2 W_2^\top) \odot f'(Z_1)")
    "δ₁ = (δ₂ W₂ᵀ) ⊙ f'(Z₁)"
    >>> plain(r"\frac{1}{2m} \sum_{r=1}^{m} (a_r - y_r)^2 \ge 0")
    '1/(2m) Σ_(r=1)^m (a_r - y_r)² ≥ 0'
    """
    pieces = _PIECE.findall(formula)
    text = _sequence(pieces)
    if pieces:
        raise UsageError(f"a closing brace too many in the formula {formula!r}")
    return re.sub(" +", " ", text).replace(" ,", ",").replace("\0", _GAP).strip()


def _sequence(pieces: list[str]) -> str:
    """Read up to the end or a closing brace, which stays."""
    text = ""
    while pieces and pieces[0] != "}":
        piece = pieces.pop(0)
        if piece.isspace():
            text += "" if text.endswith(("∂", "∇")) else " "
        elif piece in "^_":
            text += _script(piece, _argument(pieces))
        elif piece == "{":
            text += _group(pieces)
        elif piece == r"\rVert":
            text = text.rstrip() + _command(piece, pieces)
        else:
            text += _command(piece, pieces) if piece.startswith("\\") else piece
    return text


def _group(pieces: list[str]) -> str:
    """Read the rest of what stands in braces."""
    text = _sequence(pieces)
    if not pieces:
        raise UsageError("a brace is not closed in a formula")
    pieces.pop(0)
    return text


def _argument(pieces: list[str]) -> str:
    """Read a single piece or what stands in braces."""
    while pieces and pieces[0].isspace():
        pieces.pop(0)
    if not pieces:
        raise UsageError("a formula ends where an argument is missing")
    piece = pieces.pop(0)
    if piece == "{":
        return _group(pieces)
    return _command(piece, pieces) if piece.startswith("\\") else piece


def _command(piece: str, pieces: list[str]) -> str:
    name = piece[1:]
    if name == "frac":
        above, below = _argument(pieces), _argument(pieces)
        return f"{_in_brackets(above)}/{_in_brackets(below)}"
    if name == "sqrt":
        inside = _argument(pieces)
        return f"√{inside}" if _SINGLE.fullmatch(inside) else f"√({inside})"
    if name == "text":
        return _argument(pieces)
    if name == "bar":
        return _argument(pieces) + _MACRON
    if name == ",":
        return " "
    if name not in _SYMBOLS:
        raise UsageError(f"the command {piece!r} is not known in formulas")
    if name == "lVert" and pieces and pieces[0].isspace():
        pieces.pop(0)
    return _SYMBOLS[name]


def _in_brackets(text: str) -> str:
    return text if _SINGLE.fullmatch(text) else f"({text})"


def _script(kind: str, text: str) -> str:
    """Return what stands raised or lowered: digits as such, the rest behind ``^`` or ``_``."""
    if text == "ᵀ":
        return text
    if text.isdecimal():
        return text.translate(_RAISED if kind == "^" else _LOWERED)
    return kind + (text if text.isalnum() else f"({text})")
