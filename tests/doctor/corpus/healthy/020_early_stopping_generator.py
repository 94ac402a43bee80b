import copy
import numpy as np

rng = np.random.default_rng(2024)


def moons(n, noise):
    angle = rng.uniform(0, np.pi, n)
    label = rng.integers(0, 2, n)
    x = np.where(label == 0, np.cos(angle), 1 - np.cos(angle))
    y = np.where(label == 0, np.sin(angle), 0.5 - np.sin(angle))
    points = np.column_stack([x, y]) + rng.normal(0, noise, (n, 2))
    return points, label


def batches(x, y, size):
    order = rng.permutation(len(x))
    for i in range(0, len(x), size):
        yield x[order[i:i + size]], y[order[i:i + size]]


def forward(net, x):
    hidden = np.maximum(x @ net["w1"] + net["b1"], 0)
    logit = hidden @ net["w2"] + net["b2"]
    return hidden, 1 / (1 + np.exp(-logit[:, 0]))


def bce(p, y):
    p = np.clip(p, 1e-12, 1 - 1e-12)
    return -np.mean(np.where(y == 1, np.log(p), np.log(1 - p)))


x_train, y_train = moons(400, 0.15)
x_valid, y_valid = moons(200, 0.15)

net = {
    "w1": rng.normal(0, 1, (2, 24)),
    "b1": np.full(24, 0.1),
    "w2": rng.normal(0, np.sqrt(2 / 24), (24, 1)),
    "b2": np.zeros(1),
}
rate = 0.2
best_loss, best_net, patience = np.inf, None, 0

for epoch in range(400):
    for x, y in batches(x_train, y_train, 40):
        hidden, p = forward(net, x)
        delta = ((p - y) / len(y))[:, None]
        back = (delta @ net["w2"].T) * (hidden > 0)
        grads = {"w1": x.T @ back, "b1": back.sum(0), "w2": hidden.T @ delta, "b2": delta.sum(0)}
        for k, g in grads.items():
            net[k] = net[k] - rate * g
    train_loss = bce(forward(net, x_train)[1], y_train)
    valid_loss = bce(forward(net, x_valid)[1], y_valid)
    if valid_loss < best_loss - 1e-3:
        best_loss, best_net, patience = valid_loss, copy.deepcopy(net), 0
    else:
        patience += 1
    if epoch % 10 == 0:
        print(f"{epoch:4d}  train {train_loss:.4f}  valid {valid_loss:.4f}")
    if patience == 25:
        print("no improvement for 25 epochs, stopping at", epoch)
        break

net = best_net
accuracy = np.mean((forward(net, x_valid)[1] > 0.5) == y_valid)
print("best validation loss", best_loss, "accuracy", accuracy)
