"""Autoencoder for 8x8 glyphs, trained with AdamW.

Usage: python autoencoder.py
"""
from __future__ import annotations

import logging
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

log = logging.getLogger("autoencoder")


@dataclass(frozen=True)
class Settings:
    code_size: int = 6
    learning_rate: float = 0.03
    weight_decay: float = 1e-3
    betas: tuple[float, float] = (0.9, 0.99)
    epsilon: float = 1e-8
    epochs: int = 80
    batch_size: int = 32


@dataclass
class Parameter:
    """A tensor, its gradient and what AdamW remembers about it."""

    value: Array
    decays: bool = True
    grad: Array = field(init=False)
    mean: Array = field(init=False)
    square: Array = field(init=False)

    def __post_init__(self) -> None:
        self.grad = np.zeros_like(self.value)
        self.mean = np.zeros_like(self.value)
        self.square = np.zeros_like(self.value)


@dataclass
class AdamW:
    parameters: list[Parameter]
    settings: Settings
    step_count: int = 0

    def step(self) -> None:
        cfg = self.settings
        beta1, beta2 = cfg.betas
        self.step_count += 1
        for p in self.parameters:
            if p.decays:
                p.value *= 1 - cfg.learning_rate * cfg.weight_decay
            p.mean = beta1 * p.mean + (1 - beta1) * p.grad
            p.square = beta2 * p.square + (1 - beta2) * np.square(p.grad)
            mean_hat = p.mean / (1 - beta1**self.step_count)
            square_hat = p.square / (1 - beta2**self.step_count)
            p.value -= cfg.learning_rate * mean_hat / (np.sqrt(square_hat) + cfg.epsilon)


class Autoencoder:
    def __init__(self, n_pixels: int, code_size: int, rng: np.random.Generator) -> None:
        self.enc_w = Parameter(rng.normal(0.0, n_pixels**-0.5, (n_pixels, code_size)))
        self.enc_b = Parameter(np.zeros(code_size), decays=False)
        self.dec_w = Parameter(rng.normal(0.0, code_size**-0.5, (code_size, n_pixels)))
        self.dec_b = Parameter(np.zeros(n_pixels), decays=False)

    @property
    def parameters(self) -> list[Parameter]:
        return [self.enc_w, self.enc_b, self.dec_w, self.dec_b]

    def encode(self, pixels: Array) -> Array:
        return np.tanh(pixels @ self.enc_w.value + self.enc_b.value)

    def decode(self, code: Array) -> Array:
        return 1.0 / (1.0 + np.exp(-(code @ self.dec_w.value + self.dec_b.value)))

    def accumulate(self, pixels: Array) -> None:
        """Add the gradient of the mean cross-entropy per picture to every parameter's ``grad``."""
        code = self.encode(pixels)
        delta_out = (self.decode(code) - pixels) / len(pixels)
        delta_code = delta_out @ self.dec_w.value.T * (1.0 - code**2)
        self.dec_w.grad += code.T @ delta_out
        self.dec_b.grad += delta_out.sum(axis=0)
        self.enc_w.grad += pixels.T @ delta_code
        self.enc_b.grad += delta_code.sum(axis=0)


def cross_entropy(model: Autoencoder, pixels: Array) -> float:
    p = np.clip(model.decode(model.encode(pixels)), 1e-7, 1 - 1e-7)
    per_picture = -(pixels * np.log(p) + (1 - pixels) * np.log(1 - p)).sum(axis=1)
    return float(per_picture.mean())


def make_glyphs(rng: np.random.Generator, n: int) -> Array:
    """Boxes and crosses of some sizes at some places."""
    pictures = np.zeros((n, 8, 8))
    for picture in pictures:
        size = rng.integers(2, 4)
        row, col = rng.integers(0, 2, 2) * 4
        if rng.random() < 0.5:
            picture[row : row + size, col : col + size] = 1.0
        else:
            picture[row + 1, :] = 1.0
            picture[:, col + size - 1] = 1.0
    return pictures.reshape(n, 64)


def main() -> None:
    logging.basicConfig(level=logging.INFO, format="%(name)s: %(message)s")
    settings = Settings()
    rng = np.random.default_rng(seed=19)
    pictures = make_glyphs(rng, 160)
    model = Autoencoder(64, settings.code_size, rng)
    optimizer = AdamW(model.parameters, settings)

    for epoch in range(settings.epochs):
        order = rng.permutation(len(pictures))
        for start in range(0, len(order), settings.batch_size):
            model.enc_w.grad = np.zeros_like(model.enc_w.value)
            model.enc_b.grad = np.zeros_like(model.enc_b.value)
            model.dec_w.grad = np.zeros_like(model.dec_w.value)
            model.dec_b.grad = np.zeros_like(model.dec_b.value)
            model.accumulate(pictures[order[start : start + settings.batch_size]])
            optimizer.step()
        loss = cross_entropy(model, pictures)
        if epoch % 10 == 9:
            log.info("epoch %d: %.3f nats per picture", epoch + 1, loss)

    restored = model.decode(model.encode(pictures)) > 0.5
    log.info("pixels restored: %.2f %%", 100 * np.mean(restored == (pictures > 0.5)))


if __name__ == "__main__":
    main()

# /// faultbench
# task = "autoencoder"
# loop = 4
# parameters = ["model.enc_w.value", "model.enc_b.value", "model.dec_w.value", "model.dec_b.value"]
# loss = "loss"
# ///
