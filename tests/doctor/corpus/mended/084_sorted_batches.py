import numpy as np

rng = np.random.RandomState(88)


def pen_strokes(per_class):
    """ten 'digits' of 5x5 pixels, sorted by class"""
    base = rng.rand(25, 10)
    c = np.repeat(np.arange(10), per_class)
    return np.clip(base[:, c] + 0.4 * rng.randn(25, 10 * per_class), 0, 1), c


X, c = pen_strokes(250)
pick = rng.rand(2500) < 0.8
Xtr, ctr, Xte, cte = X[:, pick], c[pick], X[:, ~pick], c[~pick]


def forward(X, W1, b1, W2, b2):
    A1 = np.maximum(W1 @ X + b1, 0)
    Z = W2 @ A1 + b2
    E = np.exp(Z - Z.max(axis=0))
    return A1, E / E.sum(axis=0)


def predict(X, weights):
    return forward(X, *weights)[1].argmax(axis=0)


def sgd(X, c, hidden, epochs, size, alpha):
    m = X.shape[1]
    W1 = rng.randn(hidden, 25) * 0.28
    b1 = np.zeros((hidden, 1))
    W2 = rng.randn(10, hidden) * 0.2
    b2 = np.zeros((10, 1))
    for epoch in range(epochs):
        order = rng.permutation(m)
        for k in range(0, m, size):
            Xb, Yb = X[:, order[k:k + size]], np.eye(10)[c[order[k:k + size]]].T
            A1, A2 = forward(Xb, W1, b1, W2, b2)
            dZ2 = (A2 - Yb) / Xb.shape[1]
            dZ1 = W2.T @ dZ2 * (A1 > 0)
            W2 -= alpha * dZ2 @ A1.T
            b2 -= alpha * dZ2.sum(axis=1, keepdims=True)
            W1 -= alpha * dZ1 @ Xb.T
            b1 -= alpha * dZ1.sum(axis=1, keepdims=True)
        if epoch % 2 == 0:
            print("epoch", epoch, "train accuracy", np.mean(predict(X, (W1, b1, W2, b2)) == c))
    return W1, b1, W2, b2


weights = sgd(Xtr, ctr, 30, 15, 10, 0.2)
print("test accuracy", np.mean(predict(Xte, weights) == cte))
