import numpy as np

rng = np.random.default_rng(99)
area = rng.uniform(-1, 1, 120)
age = rng.uniform(-1, 1, 120)
features = np.stack([area, age], axis=1)
price = (1.2 * area - 0.8 * age * area + 0.3).reshape(-1, 1)


def init(n_hidden):
    return {
        "in": rng.normal(0, 1.0, (2, n_hidden)),
        "hid": np.zeros(n_hidden),
        "out": rng.normal(0, 0.5, (n_hidden, 1)),
        "bias": np.zeros(1),
    }


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def backprop(w, x, target):
    hidden = sigmoid(x @ w["in"] + w["hid"])
    out = hidden @ w["out"] + w["bias"]
    loss = np.mean((out - target) ** 2)
    d_out = 2 * (out - target) / len(x)
    d_hidden = d_out @ w["out"].T * hidden * (1 - hidden)
    return loss, {
        "in": x.T @ d_hidden,
        "hid": d_hidden.sum(axis=0),
        "out": hidden.T @ d_out,
        "bias": d_out.sum(axis=0),
    }


def fit(w, x, target, epochs=3000, lr=0.3):
    losses = []
    for epoch in range(epochs):
        loss, grads = backprop(w, x, target)
        for name in w:
            w[name] = w[name] - lr * grads[name]
        losses.append(loss)
        if epoch % 300 == 0:
            print(epoch, loss)
    return losses


weights = init(12)
losses = fit(weights, features, price)
print("last loss:", losses[-1])
