import ast

import pytest

from unstuck.doctor.checks.literal_updates import literal_updates


@pytest.mark.parametrize(
    ("text", "factor"),
    [
        ("w -= 0.03 * dw", 0.03),
        ("w += dw * 0.03", 0.03),
        ("w = w - 0.03 * dw / m", 0.03),
        ("self.W[i] = self.W[i] - 0.03 * g", 0.03),
        ("w = w + (0.03 * dw)", 0.03),
        ("w -= dw", None),
        ("w -= 0.03", None),
        ("w -= rate * dw", None),
        ("w -= 2 * dw", None),
        ("w -= 0.5 * 0.1 * dw", None),
        ("w *= 0.9", None),
        ("w = v - 0.03 * dw", None),
        ("w = w - 0.03 * w", None),
        ("w = 0.9 * w", None),
        ("a, b = b, a", None),
        ("w = dw - w", None),
        ("a, b = a - 0.1 * g", None),
    ],
)
def test_updates(text, factor):
    found = list(literal_updates(ast.parse(f"for i in r:\n    {text}")))
    assert [update.factor.value for update in found] == ([] if factor is None else [factor])


def test_only_what_is_repeated_is_an_update():
    assert list(literal_updates(ast.parse("w -= 0.03 * dw"))) == []
    assert len(list(literal_updates(ast.parse("def step():\n    w[0] -= 0.03 * dw")))) == 1
