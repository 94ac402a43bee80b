import numpy as np

rng = np.random.default_rng(33)


def make_circles(n):
    phi = rng.random(n) * 2 * np.pi
    outer = rng.integers(0, 2, n)
    radius = np.where(outer, 1.3, 0.5) + rng.normal(0, 0.1, n)
    xy = (radius * np.array([np.cos(phi), np.sin(phi)])).T
    return xy, outer.reshape(-1, 1)


def descend(arrays, grads, lr):
    """Changes the arrays themselves, nothing is returned."""
    for w, g in zip(arrays, grads):
        np.subtract(w, lr * g, out=w)


def forward(x, arrays):
    w1, b1, w2, b2 = arrays
    hid = np.maximum(0, x @ w1 + b1)
    return hid, 1 / (1 + np.exp(-(hid @ w2 + b2)))


def train(x, y, arrays, epochs, lr, size):
    history = []
    for epoch in range(epochs):
        mix = rng.permutation(len(x))
        x, y = x[mix], y[mix]
        seen = 0.0
        for xb, yb in zip(np.split(x, len(x) // size), np.split(y, len(y) // size)):
            hid, p = forward(xb, arrays)
            seen -= np.log(np.where(yb == 1, p, 1 - p)).sum()
            d_out = (p - yb) / size
            d_hid = (d_out @ arrays[2].T) * (hid > 0)
            descend(arrays, (xb.T @ d_hid, d_hid.sum(0), hid.T @ d_out, d_out.sum(0)), lr)
        loss = seen / len(x)
        history.append(loss)
    return history


x_train, y_train = make_circles(160)
x_test, y_test = make_circles(80)
arrays = [rng.normal(0, 1, (2, 16)), np.zeros(16), rng.normal(0, 0.3, (16, 1)), np.zeros(1)]
history = train(x_train, y_train, arrays, epochs=200, lr=0.3, size=20)
for epoch in range(0, 200, 25):
    print("epoch", epoch, "loss", round(history[epoch], 5))
print("test accuracy", np.mean((forward(x_test, arrays)[1] > 0.5) == y_test))

# /// faultbench
# task = "circles"
# loop = 3
# parameters = ["arrays"]
# loss = "loss"
# ///
