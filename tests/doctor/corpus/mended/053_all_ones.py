import numpy as np

np.random.seed(27)
t = np.random.uniform(0.5, 3 * np.pi / 2, 160)
side = np.tile([1, -1], 80)
X = np.column_stack([side * t * np.cos(t), side * t * np.sin(t)]) / 4
y = (side > 0).astype(float).reshape(-1, 1)


def initialise(n_in, n_hidden, n_out):
    W1 = np.random.randn(n_in, n_hidden) * 2
    b1 = np.zeros((1, n_hidden))
    W2 = np.random.randn(n_hidden, n_out) * 0.3
    b2 = np.zeros((1, n_out))
    return W1, b1, W2, b2


def sigmoid(v):
    return 1 / (1 + np.exp(-v))


def forward(X, W1, b1, W2, b2):
    h = np.tanh(X @ W1 + b1)
    return h, sigmoid(h @ W2 + b2)


def grads(X, y, h, p, W2):
    dz2 = (p - y) / len(X)
    dz1 = dz2 @ W2.T * (1 - h ** 2)
    return X.T @ dz1, dz1.sum(0, keepdims=True), h.T @ dz2, dz2.sum(0, keepdims=True)


W1, b1, W2, b2 = initialise(2, 16, 1)
for epoch in range(4000):
    h, p = forward(X, W1, b1, W2, b2)
    loss = -np.mean(y * np.log(p + 1e-12) + (1 - y) * np.log(1 - p + 1e-12))
    g1, gb1, g2, gb2 = grads(X, y, h, p, W2)
    W1, b1, W2, b2 = W1 - 0.8 * g1, b1 - 0.8 * gb1, W2 - 0.8 * g2, b2 - 0.8 * gb2
    if epoch % 400 == 0:
        print(f"{epoch} {loss:.4f} {np.mean((p > 0.5) == y):.3f}")
