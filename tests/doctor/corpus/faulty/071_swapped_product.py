import numpy as np

np.random.seed(16)
c = np.random.randint(0, 3, 320)
X = np.random.randn(320, 6) * 0.7
X[np.arange(320), c] += 1.5
X[np.arange(320), c + 3] -= 1.5

weights = [np.random.randn(6, 10) * 0.4, np.random.randn(10, 3) * 0.4]
biases = [np.zeros(10), np.zeros(3)]


def forward(weights, biases, x):
    h = np.maximum(0, x @ weights[0] + biases[0])
    s = h @ weights[1] + biases[1]
    s = np.exp(s - s.max(axis=1, keepdims=True))
    return h, s / s.sum(axis=1, keepdims=True)


def nll(weights, biases, x, c):
    return -np.log(forward(weights, biases, x)[1][np.arange(len(c)), c] + 1e-12).mean()


def backward(weights, biases, x, c):
    h, p = forward(weights, biases, x)
    d2 = p.copy()
    d2[np.arange(len(c)), c] -= 1
    d2 /= len(c)
    d1 = (d2 @ weights[1].T) * (h > 0)
    return [d1.T @ x, h.T @ d2], [d1.sum(axis=0), d2.sum(axis=0)]


for epoch in range(30):
    pick = np.random.permutation(320)
    for start in range(0, 320, 32):
        rows = pick[start:start + 32]
        gw, gb = backward(weights, biases, X[rows], c[rows])
        for k in range(2):
            weights[k] -= 0.3 * gw[k]
            biases[k] -= 0.3 * gb[k]
    if epoch % 3 == 0:
        print("epoch", epoch, "nll", nll(weights, biases, X, c))
