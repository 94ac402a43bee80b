"""The whole training loop once more in torch: same weights at the start, same batches, same losses and weights at the end."""

import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose

from unstuck.data.batches import ArrayBatches
from unstuck.nets import Dense, LayerNorm, Network
from unstuck.training.optimizers import Adam, GradientDescent
from unstuck.training.trainer import Trainer

EPOCHS = 4
ACTIVATIONS = {"tanh": torch.nn.Tanh, "relu": torch.nn.ReLU, "gelu": lambda: torch.nn.GELU(approximate="tanh")}
COSTS = {"mse": torch.nn.MSELoss, "bce": torch.nn.BCEWithLogitsLoss, "ce": torch.nn.CrossEntropyLoss}
OPTIMIZERS = {
    "gd": (GradientDescent(0.1), torch.optim.SGD, {"lr": 0.1}),
    "momentum": (GradientDescent(0.01, momentum=0.9), torch.optim.SGD, {"lr": 0.01, "momentum": 0.9}),
    "adam": (Adam(0.01), torch.optim.Adam, {"lr": 0.01}),
}


def dense(n_in, n_out, activation):
    """Our layer and torch's; outputs stay logits in torch."""
    linear = torch.nn.Linear(n_in, n_out, dtype=torch.float64)
    theirs = [linear, ACTIVATIONS[activation]()] if activation in ACTIVATIONS else [linear]
    return Dense(n_in, n_out, activation), theirs


def networks(loss, **settings):
    """The same network twice: here, and as ``nn.Sequential``."""
    torch.set_num_threads(1)
    output, n_out = {"mse": ("identity", 2), "bce": ("sigmoid", 1), "ce": ("softmax", 3)}[loss]
    norm = (LayerNorm(5), [torch.nn.LayerNorm(5, dtype=torch.float64)])
    ours, theirs = zip(dense(3, 6, "tanh"), dense(6, 5, "gelu"), norm, dense(5, n_out, output), strict=True)
    network = Network(ours, loss, seed=7, **settings)
    twin = torch.nn.Sequential(*(module for modules in theirs for module in modules))
    with torch.no_grad():
        for parameter, array in zip(twin.parameters(), network.named_parameters().values(), strict=True):
            parameter.copy_(torch.tensor(array.T))
    return network, twin


def problem(loss):
    rng = np.random.default_rng(8)
    x = rng.normal(size=(23, 3))
    if loss == "mse":
        return x, rng.normal(size=(23, 2))
    return x, rng.integers(0, 3, 23) if loss == "ce" else rng.integers(0, 2, (23, 1)).astype(float)


def flat(twin):
    return np.concatenate([parameter.detach().numpy().T.reshape(-1) for parameter in twin.parameters()])


def penalty(twin, l1, l2):
    weights = [module.weight for module in twin if isinstance(module, torch.nn.Linear)]
    return sum(l1 * array.abs().sum() + l2 / 2 * array.square().sum() for array in weights)


def train_torch(twin, loss, optimizer, batches, *, l1=0.0, l2=0.0, clip=None, max_norm=None, schedule=None):
    """Return the mean loss of each epoch."""
    cost, losses = COSTS[loss](), []
    scheduler = None if schedule is None else schedule(optimizer)
    for epoch in range(EPOCHS):
        total = 0.0
        for x, y, _ in batches.epoch(epoch):
            target = torch.tensor(y)
            value = cost(twin(torch.tensor(x)), target) + penalty(twin, l1, l2)
            optimizer.zero_grad()
            value.backward()
            if clip is not None:
                clip(twin.parameters())
            optimizer.step()
            if max_norm is not None:
                with torch.no_grad():
                    for module in twin:
                        if isinstance(module, torch.nn.Linear):
                            module.weight.copy_(torch.renorm(module.weight, p=2, dim=0, maxnorm=max_norm))
            total += value.item() * len(x)
        losses.append(total / batches.n_rows)
        if scheduler is not None:
            scheduler.step()
    return losses


def check(loss, name="adam", *, network_settings=None, trainer_settings=None, rtol=1e-9, **torch_settings):
    network, twin = networks(loss, **(network_settings or {}))
    x, y = problem(loss)
    ours, cls, settings = OPTIMIZERS[name]
    chosen = {"batch_size": 5, "seed": 11, **(trainer_settings or {})}
    trainer = Trainer(network, optimizer=ours, **chosen)
    history = trainer.fit(x, y, EPOCHS)
    _, targets = network.check(x, y)
    batches = ArrayBatches(x, targets, batch_size=chosen["batch_size"], seed=11)
    losses = train_torch(twin, loss, cls(twin.parameters(), **settings), batches, **torch_settings)
    assert_allclose(history.column("loss"), losses, rtol=rtol)
    assert_allclose(network.parameters, flat(twin), rtol=rtol, atol=rtol / 1000)


@pytest.mark.parametrize("batch_size", ["full", 5])
@pytest.mark.parametrize("name", OPTIMIZERS)
@pytest.mark.parametrize("loss", COSTS)
def test_equals_a_loop_in_torch(loss, name, batch_size):
    check(loss, name, trainer_settings={"batch_size": batch_size})


def test_one_sample_at_a_time():
    check("ce", trainer_settings={"batch_size": 1})


def test_penalties():
    check("mse", network_settings={"l1": 0.003, "l2": 0.02}, l1=0.003, l2=0.02)


def test_clipping_by_norm():
    """Torch adds 1e-6 to the norm that it divides by."""
    limit = 0.3
    check(
        "ce",
        "gd",
        trainer_settings={"clip_norm": limit},
        clip=lambda parameters: torch.nn.utils.clip_grad_norm_(parameters, limit),
        rtol=2e-5,
    )


def test_clipping_by_value():
    limit = 0.02
    check(
        "ce",
        trainer_settings={"clip_value": limit},
        clip=lambda parameters: torch.nn.utils.clip_grad_value_(parameters, limit),
    )


def test_clipping_by_value_comes_before_clipping_by_norm():
    def clip(parameters):
        parameters = list(parameters)
        torch.nn.utils.clip_grad_value_(parameters, 0.1)
        torch.nn.utils.clip_grad_norm_(parameters, 0.2)

    check("mse", "gd", trainer_settings={"clip_value": 0.1, "clip_norm": 0.2}, clip=clip, rtol=2e-5)


def test_max_norm():
    """Torch adds 1e-7 to the length that it divides by."""
    check("mse", "gd", network_settings={"max_norm": 0.8}, max_norm=0.8, rtol=2e-6)


@pytest.mark.parametrize("name", ["gd", "adam"])
def test_schedule(name):
    check(
        "bce",
        name,
        trainer_settings={"schedule": "exponential"},
        schedule=lambda optimizer: torch.optim.lr_scheduler.ExponentialLR(optimizer, 0.95),
    )
