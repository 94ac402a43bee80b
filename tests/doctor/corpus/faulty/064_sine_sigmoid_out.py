import numpy as np


class Affine:
    def __init__(self, n, m):
        self.W = np.random.randn(n, m)
        self.b = np.random.randn(m)

    def f(self, x):
        self.x = x
        return x @ self.W + self.b

    def g(self, d):
        self.dW, self.db = self.x.T @ d, d.sum(0)
        return d @ self.W.T

    def update(self, lr):
        self.W -= lr * self.dW
        self.b -= lr * self.db


class Sigmoid:
    def f(self, x):
        self.y = 1 / (1 + np.exp(-x))
        return self.y

    def g(self, d):
        return d * self.y * (1 - self.y)

    def update(self, lr):
        pass


x = np.linspace(0, 2 * np.pi, 64)[:, None]
t = np.sin(x)

nn = [Affine(1, 12), Sigmoid(), Affine(12, 1), Sigmoid()]
for it in range(8000):
    y = x / np.pi - 1
    for part in nn:
        y = part.f(y)
    mse = np.mean((y - t) ** 2)
    d = 2 * (y - t) / len(x)
    for part in nn[::-1]:
        d = part.g(d)
    for part in nn:
        part.update(2.0)
    if it % 800 == 0:
        print(it, mse)
print("prediction at pi/2 and 3pi/2:", y[16, 0], y[48, 0])
