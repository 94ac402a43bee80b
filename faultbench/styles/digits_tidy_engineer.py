"""Classify noisy 8x8 digits with a small softmax network."""

from dataclasses import dataclass

import numpy as np

GLYPHS = {
    0: "..####.. .##..##. .##..##. .##..##. .##..##. .##..##. .##..##. ..####..",
    1: "...##... ..###... .####... ...##... ...##... ...##... ...##... .######.",
    2: "..####.. .##..##. .....##. ....##.. ...##... ..##.... .##..... .######.",
    3: "..####.. .##..##. .....##. ...###.. .....##. .....##. .##..##. ..####..",
    4: "....##.. ...###.. ..#.##.. .#..##.. .######. ....##.. ....##.. ....##..",
    7: ".######. .....##. ....##.. ....##.. ...##... ...##... ..##.... ..##....",
}


@dataclass(frozen=True)
class Config:
    n_train: int = 240
    n_test: int = 60
    noise: float = 0.4
    hidden: int = 24
    epochs: int = 120
    batch_size: int = 20
    learning_rate: float = 0.05
    momentum: float = 0.8


def make_rows(n: int, noise: float, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Return n noisy glyphs, shape (n, 64), and their class numbers, shape (n,)."""
    clean = np.array([[c == "#" for c in g if c != " "] for g in GLYPHS.values()], dtype=float)
    labels = rng.integers(len(clean), size=n)
    return clean[labels] + rng.normal(scale=noise, size=(n, 64)), labels


def init_params(n_in: int, n_hidden: int, n_out: int, rng: np.random.Generator) -> list[np.ndarray]:
    """He initialisation for the ReLU layer, zero biases."""
    w1 = rng.normal(scale=np.sqrt(2 / n_in), size=(n_in, n_hidden))
    w2 = rng.normal(scale=np.sqrt(1 / n_hidden), size=(n_hidden, n_out))
    return [w1, np.zeros(n_hidden), w2, np.zeros(n_out)]


def predict_proba(params: list[np.ndarray], x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the hidden activations and the class probabilities."""
    w1, b1, w2, b2 = params
    hidden = np.maximum(0, x @ w1 + b1)
    scores = hidden @ w2 + b2
    exps = np.exp(scores - scores.max(axis=1, keepdims=True))
    return hidden, exps / exps.sum(axis=1, keepdims=True)


def cross_entropy(params: list[np.ndarray], x: np.ndarray, labels: np.ndarray) -> float:
    """Mean negative log-likelihood of the labels."""
    _, probs = predict_proba(params, x)
    return -np.log(probs[np.arange(len(labels)), labels]).mean()


def accuracy(params: list[np.ndarray], x: np.ndarray, labels: np.ndarray) -> float:
    """Share of rows whose most probable class is the right one."""
    return (predict_proba(params, x)[1].argmax(axis=1) == labels).mean()


def gradients(params: list[np.ndarray], x: np.ndarray, labels: np.ndarray) -> list[np.ndarray]:
    """Gradient of cross_entropy, in the order of params."""
    hidden, probs = predict_proba(params, x)
    d_scores = (probs - np.eye(probs.shape[1])[labels]) / len(labels)
    d_hidden = (d_scores @ params[2].T) * (hidden > 0)
    return [x.T @ d_hidden, d_hidden.sum(axis=0), hidden.T @ d_scores, d_scores.sum(axis=0)]


def train(cfg: Config) -> None:
    rng = np.random.default_rng(17)
    x_train, y_train = make_rows(cfg.n_train, cfg.noise, rng)
    x_test, y_test = make_rows(cfg.n_test, cfg.noise, rng)
    params = init_params(x_train.shape[1], cfg.hidden, len(GLYPHS), rng)
    velocities = [np.zeros_like(p) for p in params]

    print(f"before training: test accuracy {accuracy(params, x_test, y_test):.2f}")
    for epoch in range(cfg.epochs):
        order = rng.permutation(cfg.n_train)
        for start in range(0, cfg.n_train, cfg.batch_size):
            rows = order[start : start + cfg.batch_size]
            grads = gradients(params, x_train[rows], y_train[rows])
            for p, v, g in zip(params, velocities, grads):
                v *= cfg.momentum
                v -= cfg.learning_rate * g
                p += v
        loss = cross_entropy(params, x_train, y_train)
        if epoch < 3 or epoch % 30 == 29:
            score = accuracy(params, x_test, y_test)
            print(f"epoch {epoch + 1:3d}: loss {loss:.4f}, test accuracy {score:.2f}")


if __name__ == "__main__":
    train(Config())

# /// faultbench
# task = "digits"
# loop = 2
# parameters = ["params"]
# loss = "cross_entropy"
# ///
