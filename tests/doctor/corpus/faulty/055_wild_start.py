import numpy as np


class SigmoidLayer:
    def __init__(self, n_in, n_out):
        self.w = np.random.uniform(-100, 100, (n_in, n_out))
        self.b = np.random.uniform(-100, 100, n_out)

    def forward(self, x):
        self.x = x
        z = np.clip(x @ self.w + self.b, -500, 500)
        self.a = 1 / (1 + np.exp(-z))
        return self.a

    def backward(self, grad, lr):
        delta = grad * self.a * (1 - self.a)
        grad_x = delta @ self.w.T
        self.w -= lr * self.x.T @ delta
        self.b -= lr * delta.sum(axis=0)
        return grad_x


def run(layers, x):
    for layer in layers:
        x = layer.forward(x)
    return x


X = np.random.uniform(0, 1, (100, 2))
y = (np.abs(X[:, 0] - X[:, 1]) < 0.35).astype(float).reshape(-1, 1)

layers = [SigmoidLayer(2, 10), SigmoidLayer(10, 1)]
for epoch in range(6000):
    out = run(layers, X)
    grad = (out - y) / len(X)
    for layer in layers[::-1]:
        grad = layer.backward(grad, 4.0)
    if epoch % 600 == 0:
        print("epoch", epoch, "cost", 0.5 * np.mean((out - y) ** 2))
print("hits:", np.mean((run(layers, X) > 0.5) == y))
