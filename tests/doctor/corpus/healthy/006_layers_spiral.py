import numpy as np

np.random.seed(42)


class Dense:
    def __init__(self, n_in, n_out):
        self.W = np.random.randn(n_in, n_out) * np.sqrt(2 / n_in)
        self.b = np.zeros(n_out)

    def forward(self, x):
        self.x = x
        return x @ self.W + self.b

    def backward(self, grad):
        self.dW = self.x.T @ grad
        self.db = grad.sum(axis=0)
        return grad @ self.W.T

    def update(self, lr):
        self.W -= lr * self.dW
        self.b -= lr * self.db


class ReLU:
    def forward(self, x):
        self.mask = x > 0
        return x * self.mask

    def backward(self, grad):
        return grad * self.mask

    def update(self, lr):
        pass


class SoftmaxCrossEntropy:
    def forward(self, scores, y):
        scores = scores - scores.max(axis=1, keepdims=True)
        e = np.exp(scores)
        self.probs = e / e.sum(axis=1, keepdims=True)
        self.y = y
        n = len(y)
        return -np.log(self.probs[np.arange(n), y]).mean()

    def backward(self):
        n = len(self.y)
        dscores = self.probs.copy()
        dscores[range(n), self.y] -= 1
        return dscores / n


# three arms of a spiral
N, K = 80, 3
X = np.zeros((N * K, 2))
y = np.zeros(N * K, dtype=int)
for k in range(K):
    r = np.linspace(0.05, 1, N)
    theta = np.linspace(k * 4, (k + 1) * 4, N) + 0.15 * np.random.randn(N)
    X[k * N:(k + 1) * N] = np.c_[r * np.sin(theta), r * np.cos(theta)]
    y[k * N:(k + 1) * N] = k

layers = [Dense(2, 64), ReLU(), Dense(64, 32), ReLU(), Dense(32, K)]
criterion = SoftmaxCrossEntropy()

for it in range(3001):
    out = X
    for layer in layers:
        out = layer.forward(out)
    loss = criterion.forward(out, y)

    grad = criterion.backward()
    for layer in reversed(layers):
        grad = layer.backward(grad)     # dL/dX at the very end is not needed
    for layer in layers:
        layer.update(0.5)

    if it % 500 == 0:
        acc = (out.argmax(axis=1) == y).mean()
        print("iter", it, "loss", round(float(loss), 4), "acc", round(float(acc), 3))
