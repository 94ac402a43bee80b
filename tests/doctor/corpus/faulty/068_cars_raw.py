import numpy as np

rng = np.random.default_rng(20)

# fuel use from weight [kg], power [W], engine size [mm^3]
weight = rng.uniform(800, 2200, 300)
power = rng.uniform(40e3, 200e3, 300)
size = rng.uniform(9e5, 3.5e6, 300)
use = 2 + 0.0025 * weight + 8e-6 * power * (size / 2e6) + rng.normal(0, 0.2, 300)

X = np.column_stack([weight, power, size])
y = use.reshape(-1, 1)
y = (y - y.mean()) / y.std()

W1 = rng.normal(0, 1 / np.sqrt(3), (3, 12))
b1 = np.zeros(12)
W2 = rng.normal(0, 1 / np.sqrt(12), (12, 1))
b2 = np.zeros(1)

for epoch in range(100):
    order = rng.permutation(300)
    for k in range(0, 300, 30):
        x, t = X[order[k:k + 30]], y[order[k:k + 30]]
        h = np.tanh(x @ W1 + b1)
        out = h @ W2 + b2
        d = 2 * (out - t) / len(t)
        dh = d @ W2.T * (1 - h ** 2)
        W2 -= 0.05 * h.T @ d
        b2 -= 0.05 * d.sum(axis=0)
        W1 -= 0.05 * x.T @ dh
        b1 -= 0.05 * dh.sum(axis=0)
    mse = np.mean((np.tanh(X @ W1 + b1) @ W2 + b2 - y) ** 2)
