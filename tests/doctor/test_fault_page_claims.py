"""The code on the pages about faults does what they say, and their numbers are true."""

import ast
import warnings

import numpy as np
import pytest
import torch

from unstuck.doctor.fault_pages import blocks, source_of, without_mistakes
from unstuck.doctor.faults import FAULTS, MISTAKES

CRASHES = {
    "shape-mismatch": ValueError,
    "wrong-import": ImportError,
    "missing-module": ModuleNotFoundError,
    "missing-file": FileNotFoundError,
    "crash": NameError,
}
"""What the example of such a page raises."""


def code_of(source, language="python"):
    return [block.text for block in blocks(source) if block.kind == "code" and block.language == language]


def section_of(source, title):
    """Return the parts of one section of a page."""
    found, inside = [], False
    for block in blocks(source):
        if block.kind == "heading":
            inside = block.text == title
        elif inside:
            found.append(block)
    return found


# ---------------------------------------------------------------------- their code runs


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def softmax(z):
    return np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)


def names(n_in, n_out, rows):
    """Return what the examples take for granted: a network of two sigmoid layers, half way through a step."""
    rng = np.random.default_rng(3)
    X, Y = rng.normal(size=(rows, n_in)), (rng.random((rows, n_out)) < 0.5).astype(float)
    W1, b1 = rng.normal(size=(n_in, 3)), rng.normal(size=3)
    W2, b2 = rng.normal(size=(3, n_out)), rng.normal(size=n_out)
    Z1 = X @ W1 + b1
    A1 = sigmoid(Z1)
    Z2 = A1 @ W2 + b2
    A2 = sigmoid(Z2)
    delta2 = (A2 - Y) * A2 * (1 - A2) / rows
    delta1 = delta2 @ W2.T * A1 * (1 - A1)
    gradients = {
        "dW1": X.T @ delta1, "db1": delta1.sum(axis=0), "dW2": A1.T @ delta2, "db2": delta2.sum(axis=0),
    }  # fmt: skip
    state = {"t": 0, "m": 0 * W1, "s": 0 * W1, "v": 0 * W2, "beta1": 0.9, "beta2": 0.999}
    functions = {"np": np, "sigmoid": sigmoid, "softmax": softmax, "__file__": __file__}
    arrays = {"X": X, "Y": Y, "W1": W1, "b1": b1, "W2": W2, "b2": b2, "Z1": Z1, "A1": A1, "Z2": Z2, "A2": A2, "W": W1}
    return {
        **functions, **arrays, **gradients, **state, "delta1": delta1, "delta2": delta2, "rate": 0.1, "epochs": 3, "J": 0.25,
        "mask": np.array([1.0, 0.0, 1.0]),
    }  # fmt: skip


def execute(code, where, known):
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore", RuntimeWarning)  # some examples overflow, which is their point
        exec(compile(code, where, "exec", dont_inherit=True), known)  # noqa: S102 (our own pages)
    return known


@pytest.mark.parametrize("code", FAULTS)
def test_snippets_parse(code):
    for text in code_of(source_of(code)):
        ast.parse(text)


def test_the_example_of_what_does_not_parse_does_not():
    (example,) = code_of(source_of("does-not-parse"), "text")
    with pytest.raises(SyntaxError):
        ast.parse(example)


@pytest.mark.parametrize("code", sorted(set(FAULTS) - set(CRASHES)))
def test_snippets_run(code, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    for text in code_of(without_mistakes(source_of(code))):
        execute(text, code, names(2, 1, 4))


@pytest.mark.parametrize("code", CRASHES)
def test_examples_of_crashes_crash_and_what_mends_them_does_not(code, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    source = source_of(code)
    examples = [block.text for block in section_of(source, "How it looks") if block.kind == "code"]
    for text in examples:
        with pytest.raises(CRASHES[code]):
            execute(text, code, names(2, 1, 4))
    for text in code_of(source)[len(examples) :]:
        execute(text, code, names(2, 1, 4))


# ---------------------------------------------------------------------- what the pages claim


def truth(known, code):
    """Return the gradients by everything that an example of a mistake may compute, from torch."""
    tensors = {name: torch.tensor(known[name]) for name in ("X", "Y", "W1", "b1", "W2", "b2", "mask")}
    parameters = {name: tensors[name].requires_grad_() for name in ("W1", "b1", "W2", "b2")}
    Z1 = tensors["X"] @ tensors["W1"] + tensors["b1"]
    A1 = torch.tanh(Z1) if code == "wrong-activation-derivative" else torch.sigmoid(Z1)
    A1 = A1 * tensors["mask"] if code == "missing-factor" else A1
    Z2 = A1 @ tensors["W2"] + tensors["b2"]
    A2 = torch.softmax(Z2, 1) if code == "softmax-diagonal" else torch.sigmoid(Z2)
    if code in ("extra-output-derivative", "sign-of-one-term"):
        loss = torch.nn.functional.binary_cross_entropy(A2, tensors["Y"], reduction="sum") / len(A2)
    else:
        loss = 0.5 * ((A2 - tensors["Y"]) ** 2).sum() / len(A2)
    by_name = {"delta1": Z1, "delta2": Z2, **{f"d{name}": tensor for name, tensor in parameters.items()}}
    values = torch.autograd.grad(loss, list(by_name.values()))
    return {name: value.numpy() for name, value in zip(by_name, values, strict=True)}


def last_assigned(code):
    """Return the name that the last statement assigns to, if need be within a loop."""
    statement = ast.parse(code).body[-1]
    while isinstance(statement, ast.For):
        statement = statement.body[-1]
    target = statement.target if isinstance(statement, ast.AugAssign) else statement.targets[0]
    return target.id


@pytest.mark.parametrize("code", MISTAKES)
def test_what_is_called_right_is_the_gradient_and_what_is_called_wrong_is_not(code):
    """With as many rows as units, so that no mistake is given away by a shape."""
    wrong, right = code_of(source_of(code))
    name = last_assigned(right)
    assert last_assigned(wrong) == name
    expected = truth(names(3, 3, 3), code)[name]
    np.testing.assert_allclose(execute(right, code, names(3, 3, 3))[name], expected, rtol=1e-10)
    given = execute(wrong, code, names(3, 3, 3))[name]
    if given.shape == expected.shape:
        cosine = (given * expected).sum() / np.linalg.norm(given) / np.linalg.norm(expected)
        assert cosine < 0.999
    else:
        assert code == "bias-not-summed"


def test_page_about_wrong_gradients():
    known = names(2, 1, 4)
    expected = truth(known, "")
    mended = execute(section_of(source_of("wrong-gradient"), "How to mend it")[-1].text, "", names(2, 1, 4))
    for name in ("dW1", "db1", "dW2", "db2"):
        np.testing.assert_allclose(mended[name], expected[name], rtol=1e-10)


def test_formula_about_updated_weights():
    """delta1 computed with the new W2 differs by the term on the page."""
    known = names(2, 1, 4)
    example = section_of(source_of("updated-weights"), "How it looks")[0].text
    delta1 = execute(example, "", names(2, 1, 4))["delta1"]
    A1, delta2, slope = known["A1"], known["A2"] - known["Y"], known["A1"] * (1 - known["A1"])
    expected = (delta2 @ known["W2"].T - known["rate"] * delta2 @ delta2.T @ A1) * slope
    np.testing.assert_allclose(delta1, expected, rtol=1e-12)


def test_numbers_about_saturation():
    slope = sigmoid(np.array([0.0, 5.0, 10.0])) * (1 - sigmoid(np.array([0.0, 5.0, 10.0])))
    assert slope.round(5).tolist() == [0.25, 0.00665, 0.00005]
    assert round(1 - np.tanh(5) ** 2, 4) == 0.0002
    assert sigmoid(sigmoid(np.array([-50.0, 50.0]))).tolist() == pytest.approx([0.5, 0.731], abs=1e-3)
    assert np.isclose(0.731 * (1 - 0.731), 0.1966, atol=1e-4)


def test_number_about_exploding():
    """ReLU layers of 100 units with weights of spread 1 multiply the error by the root of 50 each."""
    rng = np.random.default_rng(0)
    A = rng.normal(size=(200, 100))
    masks, weights = [], [rng.normal(size=(100, 100)) for _ in range(3)]
    for W in weights:
        masks.append(A @ W > 0)
        A = np.maximum(0, A @ W)
    delta = before = rng.normal(size=A.shape)
    for W, mask in zip(reversed(weights), reversed(masks), strict=True):
        delta = (delta * mask) @ W.T
    assert np.linalg.norm(delta) / np.linalg.norm(before) == pytest.approx(350, rel=0.1)


def test_the_first_step_of_adam_without_its_correction():
    """About three times too long, as the page says."""
    assert 0.1 / np.sqrt(0.001) == pytest.approx(3.2, abs=0.1)


def test_the_mended_adam_is_that_of_torch():
    mended = section_of(source_of("optimizer-error"), "How to mend it")[-1].text
    known = names(2, 1, 4)
    weights = torch.tensor(known["W1"]).requires_grad_()
    adam = torch.optim.Adam([weights], lr=known["rate"])
    for _ in range(3):
        weights.grad = torch.tensor(known["dW1"])
        adam.step()
        execute(mended, "", known)
    np.testing.assert_allclose(known["W1"], weights.detach().numpy(), rtol=1e-9)


@pytest.mark.parametrize("page", ["no-loop", "too-few-steps"])
def test_mended_loops_learn(page):
    """The loss falls to a half at least, from the data of XOR and from ordinary weights."""
    known = names(2, 1, 4)
    rng = np.random.default_rng(1)
    X = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    Y = np.array([[0.0], [1.0], [1.0], [0.0]])
    known.update(
        X=X, Y=Y, W1=rng.normal(size=(2, 5)) * 2, b1=np.zeros(5), W2=rng.normal(size=(5, 1)), b2=np.zeros(1), rate=1
    )
    mended = section_of(source_of(page), "How to mend it")[1].text
    after = execute(mended.replace("print(A2)", ""), page, known)
    assert np.mean((after["A2"] - Y) ** 2) < 0.125


def test_stable_losses_and_softmax_are_those_of_torch():
    known = names(2, 1, 4)
    clipped, from_z, of_softmax = (execute(text, "", dict(known)) for text in code_of(source_of("non-finite"))[1:])
    z, y = torch.tensor(known["Z2"]), torch.tensor(known["Y"])
    expected = float(torch.nn.functional.binary_cross_entropy_with_logits(z, y))
    assert clipped["J"] == pytest.approx(expected)
    assert from_z["J"] == pytest.approx(expected)
    np.testing.assert_allclose(of_softmax["S"], torch.softmax(z, 1).numpy())
