import numpy as np

np.random.seed(77)


def sig(z):
    return 1 / (1 + np.exp(-z))


def predict(params, x):
    w, b, v, c = params
    return sig(np.tanh(x @ w + b) @ v + c)


def bce(p, t):
    return -np.mean(t * np.log(p + 1e-9) + (1 - t) * np.log(1 - p + 1e-9))


def gradient(params, x, t):
    w, b, v, c = params
    h = np.tanh(x @ w + b)
    e = (sig(h @ v + c) - t) / len(x)
    g = e @ v.T * (1 - h ** 2)
    return [x.T @ g, g.sum(axis=0), h.T @ e, e.sum(axis=0)]


def accuracy(p, t):
    return 100 * np.mean((p > 0.5) == t)


X = np.random.normal(size=(260, 2))
y = (X[:, [0]] ** 2 - X[:, [1]] > 0.3).astype(float)
Xtr, ytr, Xte, yte = X[:200], y[:200], X[200:], y[200:]

params = [np.random.normal(size=(2, 12)), np.zeros(12), np.random.normal(size=(12, 1)) * 0.3, np.zeros(1)]
for epoch in range(1500):
    params = [p - 0.5 * g for p, g in zip(params, gradient(params, Xtr, ytr))]
    if epoch % 150 == 0:
        p = predict(params, Xtr)
        print(f"epoch {epoch}: loss {bce(p, ytr):.4f}, train accuracy {accuracy(p, ytr):.1f} %")
print(f"test accuracy {accuracy(predict(params, Xte), yte):.1f} %")
