import numpy as np

n = 90
a = np.array([[0.0, 2.0], [2.0, -1.0], [-2.0, -1.0]])
X = np.concatenate([a[k] + 0.7 * np.random.randn(n, 2) for k in range(3)])
y = np.concatenate([np.full(n, k) for k in range(3)])

# mix the classes
mix = np.random.permutation(3 * n)
X, y = X[mix], y[mix]
Y = np.eye(3)[y]

W1 = np.random.randn(2, 8) * 0.7
b1 = np.zeros(8)
W2 = np.random.randn(8, 3) * 0.3
b2 = np.zeros(3)

for epoch in range(500):
    h = 1 / (1 + np.exp(-(X @ W1 + b1)))
    z = h @ W2 + b2
    p = np.exp(z) / np.sum(np.exp(z), axis=1, keepdims=True)
    loss = -np.mean(np.sum(Y * np.log(p), axis=1))

    g = (p - Y) / len(X)
    gh = g @ W2.T * h * (1 - h)
    W1, b1 = W1 - 1.0 * X.T @ gh, b1 - 1.0 * gh.sum(axis=0)
    W2, b2 = W2 - 1.0 * h.T @ g, b2 - 1.0 * g.sum(axis=0)

    if epoch % 50 == 0:
        print("epoch", epoch, "loss", loss, "accuracy", np.mean(p.argmax(axis=1) == y))
