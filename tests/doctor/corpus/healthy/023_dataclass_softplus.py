from __future__ import annotations

from dataclasses import dataclass, field
from typing import List, Tuple

import numpy as np


@dataclass
class Config:
    hidden: int = 30
    learning_rate: float = 0.005
    momentum: float = 0.9
    batch_size: int = 20
    epochs: int = 400
    seed: int = 11


@dataclass
class Layer:
    weight: np.ndarray
    bias: np.ndarray
    weight_velocity: np.ndarray = field(init=False)
    bias_velocity: np.ndarray = field(init=False)

    def __post_init__(self) -> None:
        self.weight_velocity = np.zeros_like(self.weight)
        self.bias_velocity = np.zeros_like(self.bias)

    def step(self, d_weight: np.ndarray, d_bias: np.ndarray, cfg: Config) -> None:
        self.weight_velocity = cfg.momentum * self.weight_velocity + d_weight
        self.bias_velocity = cfg.momentum * self.bias_velocity + d_bias
        self.weight -= cfg.learning_rate * self.weight_velocity
        self.bias -= cfg.learning_rate * self.bias_velocity


def softplus(a: np.ndarray) -> np.ndarray:
    return np.logaddexp(0.0, a)


def softplus_slope(a: np.ndarray) -> np.ndarray:
    return 1.0 / (1.0 + np.exp(-a))


def make_net(cfg: Config, rng: np.random.Generator) -> Tuple[Layer, Layer]:
    first = Layer(rng.normal(0.0, 1.5, (1, cfg.hidden)), rng.normal(0.0, 1.0, cfg.hidden))
    second = Layer(rng.normal(0.0, 0.3 / np.sqrt(cfg.hidden), (cfg.hidden, 1)), np.zeros(1))
    return first, second


def predict(net: Tuple[Layer, Layer], x: np.ndarray) -> np.ndarray:
    first, second = net
    return softplus(x @ first.weight + first.bias) @ second.weight + second.bias


def train_batch(net: Tuple[Layer, Layer], x: np.ndarray, y: np.ndarray, cfg: Config) -> float:
    first, second = net
    pre = x @ first.weight + first.bias
    act = softplus(pre)
    out = act @ second.weight + second.bias
    diff = out - y
    loss = float(np.mean(diff**2))

    d_out = 2.0 * diff / len(x)
    d_pre = (d_out @ second.weight.T) * softplus_slope(pre)
    second.step(act.T @ d_out, d_out.sum(axis=0), cfg)
    first.step(x.T @ d_pre, d_pre.sum(axis=0), cfg)
    return loss


def main() -> None:
    cfg = Config()
    rng = np.random.default_rng(cfg.seed)
    x = rng.uniform(-2.0, 2.0, (200, 1))
    y = np.abs(x) + 0.3 * x + 0.05 * rng.normal(size=(200, 1))
    net = make_net(cfg, rng)
    history: List[float] = []
    for epoch in range(cfg.epochs):
        order = rng.permutation(len(x))
        losses = [
            train_batch(net, x[order[i : i + cfg.batch_size]], y[order[i : i + cfg.batch_size]], cfg)
            for i in range(0, len(x), cfg.batch_size)
        ]
        history.append(float(np.mean(losses)))
        if epoch % 25 == 0:
            print(f"epoch {epoch:4d}: mean batch loss {history[-1]:.5f}")
    test_x = np.linspace(-2.0, 2.0, 9).reshape(-1, 1)
    for a, b in zip(test_x.ravel(), predict(net, test_x).ravel()):
        print(f"f({a:+.2f}) = {b:.3f}   true {abs(a) + 0.3 * a:.3f}")


if __name__ == "__main__":
    main()
