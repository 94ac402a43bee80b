import numpy as np

np.random.seed(99)
dtype = np.float32

centers = np.array([[0, 3], [3, 0], [-3, 0], [0, -3]])
y = np.random.randint(0, 4, 800)
X = (centers[y] + np.random.randn(800, 2)).astype(dtype)

W1 = (np.random.randn(2, 24) * np.sqrt(2. / 2)).astype(dtype)
b1 = np.full(24, 0.2, dtype=dtype)
W2 = (np.random.randn(24, 4) * np.sqrt(2. / 24)).astype(dtype)
b2 = np.zeros(4, dtype=dtype)
lr = dtype(0.05)

def forward(x):
    h = np.maximum(x @ W1 + b1, 0)
    s = h @ W2 + b2
    s -= s.max(axis=1, keepdims=True)
    e = np.exp(s)
    return h, e / e.sum(axis=1, keepdims=True)

running = None
for epoch in range(40):
    ix = np.random.permutation(len(X))
    for k in range(0, len(X), 32):
        xb = X[ix[k:k+32]]
        yb = y[ix[k:k+32]]
        n = len(yb)
        h, p = forward(xb)
        loss = -np.log(p[np.arange(n), yb]).mean()
        running = loss if running is None else dtype(0.98) * running + dtype(0.02) * loss

        g = p.copy()
        g[np.arange(n), yb] -= 1
        g /= n
        gh = g @ W2.T
        gh[h <= 0] = 0
        W2 -= lr * (h.T @ g)
        b2 -= lr * g.sum(axis=0)
        W1 -= lr * (xb.T @ gh)
        b1 -= lr * gh.sum(axis=0)
    if epoch % 5 == 4:
        acc = (forward(X)[1].argmax(axis=1) == y).mean()
        print("epoch", epoch + 1, "smoothed loss", running, "accuracy", acc, W1.dtype)
