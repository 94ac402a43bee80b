"""PyTorch's Sequential: the same outputs, losses and steps; findings in its own terms."""

import copy

import numpy as np
import pytest
import torch
from torch import nn

import unstuck as us
from unstuck.doctor.networks.pytorch import setup_of_sequential
from unstuck.doctor.networks.setup import train

MOONS = us.load_data("moons")
X, Y = MOONS.inputs, MOONS.targets
CLASSES = np.digitize(X[:, 0], [0, 1])


def sequential(*layers, seed=0):
    torch.manual_seed(seed)
    built = [layer() if isinstance(layer, type) else layer for layer in layers]
    return nn.Sequential(*built).double()


def moons_net(**optimizer):
    net = sequential(nn.Linear(2, 16), nn.ReLU(), nn.Linear(16, 1))
    return net, torch.optim.Adam(net.parameters(), **optimizer)


OPTIMIZERS = {
    "sgd": lambda p: torch.optim.SGD(p, 0.1, momentum=0.9, nesterov=True),
    "adam": lambda p: torch.optim.Adam(p, 0.01, betas=(0.8, 0.99), eps=1e-6),
    "adamw": lambda p: torch.optim.AdamW(p, 0.01, weight_decay=0.0),
    "rmsprop": lambda p: torch.optim.RMSprop(p, 0.01, alpha=0.9, momentum=0.5, centered=True),
    "adagrad": lambda p: torch.optim.Adagrad(p, 0.1),
}
ENDS = {
    "mse": ([nn.Tanh], nn.MSELoss(), Y),
    "l1": ([], nn.L1Loss(), Y),
    "huber": ([], nn.HuberLoss(delta=0.3), Y),
    "bce": ([nn.Sigmoid], nn.BCELoss(), Y),
    "logits": ([], nn.BCEWithLogitsLoss(), Y),
    "classes": ([], nn.CrossEntropyLoss(), CLASSES),
}


@pytest.mark.parametrize("rule", OPTIMIZERS)
@pytest.mark.parametrize("end", ENDS)
def test_a_setup_trains_as_torch_does(rule, end):
    behind, loss, y = ENDS[end]
    x, y = X[:40], y[:40]
    net = sequential(
        nn.Linear(2, 6),
        nn.ELU(0.7),
        nn.Linear(6, 5),
        nn.LeakyReLU(0.2),
        nn.Linear(5, 3 if end == "classes" else 1),
        *behind,
    )
    optimizer = OPTIMIZERS[rule](net.parameters())
    setup = setup_of_sequential(net, torch.tensor(x), torch.tensor(y), optimizer=optimizer, loss=loss, epochs=10)
    before = copy.deepcopy(net.state_dict())
    ours = train(setup).network
    assert all(torch.equal(before[name], value) for name, value in net.state_dict().items())
    for _ in range(10):
        optimizer.zero_grad()
        loss(net(torch.tensor(x)), torch.tensor(y)).backward()
        optimizer.step()
    linear = [layer for layer in net if isinstance(layer, nn.Linear)]
    for views, layer in zip(ours.layer_views(ours.parameters), linear, strict=True):
        np.testing.assert_allclose(views["weights"], layer.weight.detach().numpy().T, rtol=0, atol=1e-9)
        np.testing.assert_allclose(views["biases"], layer.bias.detach().numpy(), rtol=0, atol=1e-9)


@pytest.mark.parametrize("make", [torch.optim.SGD, torch.optim.Adam, torch.optim.AdamW])
def test_weight_decay(make):
    """Biases have none here, so the layers of this test have no biases."""
    net = sequential(nn.Linear(2, 6, bias=False), nn.Tanh(), nn.Linear(6, 1, bias=False))
    optimizer = make(net.parameters(), lr=0.05, weight_decay=0.1)
    setup = setup_of_sequential(net, X[:40], Y[:40], optimizer=optimizer, loss=nn.MSELoss(), epochs=10)
    ours = train(setup).network
    for _ in range(10):
        optimizer.zero_grad()
        nn.MSELoss()(net(torch.tensor(X[:40])), torch.tensor(Y[:40])).backward()
        optimizer.step()
    weights = [views["weights"] for views in ours.layer_views(ours.parameters)]
    for mine, layer in zip(weights, (net[0], net[2]), strict=True):
        np.testing.assert_allclose(mine, layer.weight.detach().numpy().T, rtol=0, atol=1e-9)


def test_a_healthy_net_draws_nothing():
    net, optimizer = moons_net(lr=0.01)
    diagnosis = us.diagnose(net, X, Y, optimizer=optimizer, loss=nn.BCEWithLogitsLoss(), epochs=400)
    assert (diagnosis.outcome, diagnosis.findings) == ("learns", ())


@pytest.mark.parametrize(
    ("fault", "scale", "rate", "said"),
    [("input-scale", 1e-4, 0.01, "X.mean(0)"), ("step-too-small", 1.0, 1e-6, "lr=")],
)
def test_findings_in_torchs_terms(fault, scale, rate, said):
    net, optimizer = moons_net(lr=rate)
    diagnosis = us.diagnose(net, X * scale, Y, optimizer=optimizer, loss=nn.BCEWithLogitsLoss(), epochs=300)
    assert [(finding.fault, finding.trial.proved) for finding in diagnosis.findings] == [(fault, True)]
    assert said in diagnosis.findings[0].remedies[0].summary


def test_an_activation_that_the_loss_applies_itself(error_of):
    net = sequential(nn.Linear(2, 3), nn.Softmax(dim=1))
    optimizer = torch.optim.SGD(net.parameters(), 0.1)
    message = error_of(us.OptionError, us.diagnose, net, X, CLASSES, optimizer=optimizer, loss=nn.CrossEntropyLoss())
    assert message.startswith("CrossEntropyLoss applies a softmax itself, and the Sequential ends with one as well")


def test_what_is_not_known(error_of):
    net, optimizer = moons_net(lr=0.01)
    settings = {"optimizer": optimizer, "loss": nn.BCEWithLogitsLoss()}
    assert "Give optimizer= and loss=" in error_of(us.UsageError, us.diagnose, net, X, Y)
    strange = sequential(nn.Linear(2, 4), nn.Mish(), nn.Linear(4, 1))
    assert "Mish is not known here" in error_of(us.OptionError, us.diagnose, strange, X, Y, **settings)
    assert "must begin with a Linear" in error_of(
        us.OptionError, us.diagnose, nn.Sequential(nn.ReLU()), X, Y, **settings
    )
    assert "has no Linear" in error_of(us.OptionError, us.diagnose, nn.Sequential(), X, Y, **settings)
    poisson = {**settings, "loss": nn.PoissonNLLLoss()}
    assert "PoissonNLLLoss is not known" in error_of(us.OptionError, us.diagnose, net, X, Y, **poisson)
    rprop = {**settings, "optimizer": torch.optim.Rprop(net.parameters())}
    assert "Rprop is not known" in error_of(us.OptionError, us.diagnose, net, X, Y, **rprop)
