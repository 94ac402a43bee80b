import numpy as np
from numpy.random import default_rng

rng = default_rng(101)

LAYERS = (1, 24, 24, 1)


def batches(x, y, size):
    """One epoch of mini-batches in random order."""
    order = np.arange(len(x))
    rng.shuffle(order)
    for lo in range(0, len(x), size):
        yield x[order[lo:lo + size]], y[order[lo:lo + size]]


def new_model():
    model = {}
    for n, (a, b) in enumerate(zip(LAYERS, LAYERS[1:]), start=1):
        model[f"W{n}"] = rng.normal(0, 1 / np.sqrt(a), (a, b))
        model[f"b{n}"] = np.zeros(b)
    model["W1"] *= 3
    model["b1"] += rng.uniform(-2, 2, LAYERS[1])
    return model


def forward(model, x):
    h1 = np.tanh(x @ model["W1"] + model["b1"])
    h2 = np.tanh(h1 @ model["W2"] + model["b2"])
    return {"x": x, "h1": h1, "h2": h2, "out": h2 @ model["W3"] + model["b3"]}


def backward(model, cache, y):
    grads = {}
    d3 = 2 * (cache["out"] - y) / len(y)
    grads["W3"] = cache["h2"].T @ d3
    grads["b3"] = d3.sum(axis=0)
    d2 = d3 @ model["W3"].T * (1 - cache["h2"] ** 2)
    grads["W2"] = cache["h1"].T @ d2
    grads["b2"] = d2.sum(axis=0)
    d1 = d2 @ model["W2"].T * (1 - cache["h1"] ** 2)
    grads["W1"] = cache["x"].T @ d1
    grads["b1"] = d1.sum(axis=0)
    return grads


def adam(model, grads, memory, t, lr, b1=0.9, b2=0.999, eps=1e-8):
    m, v = memory
    for name in model:
        m[name] = b1 * m[name] + (1 - b1) * grads[name]
        v[name] = b2 * v[name] + (1 - b2) * grads[name] ** 2
        m_hat = m[name] / (1 - b1 ** t)
        v_hat = v[name] / (1 - b2 ** t)
        model[name] -= lr * m_hat / (np.sqrt(v_hat) + eps)


def error(model, x, y):
    return np.mean((forward(model, x)["out"] - y) ** 2)


x = np.sort(rng.uniform(-1, 1, 200))[:, None]
y = np.sin(3 * x + 4 * x ** 2) + rng.normal(0, 0.05, x.shape)

model = new_model()
memory = {k: np.zeros_like(p) for k, p in model.items()}, {k: np.zeros_like(p) for k, p in model.items()}
best = {k: p.copy() for k, p in model.items()}
lowest, t = float("inf"), 0

for epoch in range(1, 101):
    for xb, yb in batches(x, y, 25):
        t += 1
        cache = forward(model, xb)
        adam(model, backward(model, cache, yb), memory, t, lr=0.01)
    mse = error(model, x, y)
    if mse < lowest:
        lowest = mse
        best = {k: p.copy() for k, p in model.items()}
    if epoch % 10 == 0:
        print(f"[{epoch:3d}/100] {'#' * int(40 * min(1, mse))} {mse:.5f}")

print("lowest", lowest, "again with the best weights", error(best, x, y))

# /// faultbench
# task = "regression, chirp"
# loop = 5
# parameters = ["list(model.values())"]
# loss = "mse"
# ///
