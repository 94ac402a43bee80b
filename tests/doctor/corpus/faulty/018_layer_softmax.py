import numpy as np


class Linear:
    def __init__(self, i, o):
        self.W = np.random.randn(i, o) * np.sqrt(2 / i)
        self.b = np.zeros(o)

    def __call__(self, x):
        self.x = x
        return x.dot(self.W) + self.b

    def backward(self, g):
        self.dW = self.x.T.dot(g)
        self.db = g.sum(0)
        return g.dot(self.W.T)


class ReLU:
    def __call__(self, x):
        self.mask = x > 0
        return x * self.mask

    def backward(self, g):
        return g * self.mask


class Softmax:
    def __call__(self, x):
        e = np.exp(x - x.max(1, keepdims=True))
        self.p = e / e.sum(1, keepdims=True)
        return self.p

    def backward(self, g):
        return g * self.p * (1 - self.p)


X = np.random.randn(300, 2)
y = (X[:, 0] * X[:, 1] > 0).astype(int) + 2 * (np.hypot(X[:, 0], X[:, 1]) > 1.3)
onehot = np.eye(4)[y]

model = [Linear(2, 32), ReLU(), Linear(32, 4), Softmax()]
for step in range(1500):
    out = X
    for layer in model:
        out = layer(out)
    g = -onehot / out / len(X)
    for layer in model[::-1]:
        g = layer.backward(g)
    for layer in model:
        if isinstance(layer, Linear):
            layer.W -= 0.3 * layer.dW
            layer.b -= 0.3 * layer.db
    if step % 150 == 0:
        nll = -np.mean(np.log(out[np.arange(len(y)), y]))
        print(step, nll, "train acc", (out.argmax(1) == y).mean())
