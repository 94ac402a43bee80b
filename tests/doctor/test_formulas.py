"""Formulas as plain text."""

import pytest

from unstuck.doctor.formulas import plain
from unstuck.errors import UsageError


@pytest.mark.parametrize(
    ("formula", "text"),
    [
        (r"a_1 + a_{12}", "a₁ + a₁₂"),
        (r"x_i^2", "x_i²"),
        (r"W_{t+1}", "W_(t+1)"),
        (r"e^{-t / \tau}", "e^(-t / τ)"),
        (r"W_2^\top \delta", "W₂ᵀ δ"),
        (r"\frac{1}{m}", "1/m"),
        (r"\frac{1}{2m}", "1/(2m)"),
        (r"\frac{a + b}{\sqrt{s} + \epsilon}", "(a + b)/(√s + ε)"),
        (r"\frac{\partial J}{\partial w_i}", "∂J/∂w_i"),
        (r"\frac 1 2", "1/2"),
        (r"\sqrt{2 / n}", "√(2 / n)"),
        (r"\eta \lVert \nabla J \rVert^2", "η ‖∇J‖²"),
        (r"\bar{y}_r", "y\u0304_r"),
        (r"f'(z) = 1 \text{ if } z > 0 \text{, else } 0", "f'(z) = 1 if z > 0, else 0"),
        (r"a \, b \quad c \qquad d", "a b    c      d"),
        (r"{a}", "a"),
        (r"x^ 2", "x²"),
        ("", ""),
    ],
)
def test_formulas_read_as_a_person_would_write_them(formula, text):
    assert plain(formula) == text


@pytest.mark.parametrize(
    ("formula", "message"),
    [
        (r"\alpha", r"the command '\\alpha' is not known in formulas"),
        ("{a", "a brace is not closed in a formula"),
        (r"\frac{1}", "a formula ends where an argument is missing"),
        ("a}", "a closing brace too many in the formula 'a}'"),
    ],
)
def test_what_cannot_be_read_is_an_error(formula, message):
    with pytest.raises(UsageError) as raised:
        plain(formula)
    assert str(raised.value) == message
