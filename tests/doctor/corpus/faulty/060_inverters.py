import numpy as np


class GateBox:
    def __init__(self, n_hidden):
        r = np.random.default_rng()
        self.first = r.normal(0, 1, (2, n_hidden))
        self.second = r.normal(0, 1, (n_hidden, 3))

    def compute(self, X):
        self.hidden = np.tanh(X @ self.first)
        return 1 / (1 + np.exp(-(self.hidden @ self.second)))

    def improve(self, X, Y, rate):
        out = self.compute(X)
        d = (out - Y) * out * (1 - out)
        e = d @ self.second.T * (1 - self.hidden ** 2)
        self.second += -rate * self.hidden.T @ d
        self.first += -rate * X.T @ e
        return np.mean((out - Y) ** 2)


X = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
# columns: nor, nand, xnor
Y = np.array([[1, 1, 1], [0, 1, 0], [0, 1, 0], [0, 0, 1]])

box = GateBox(6)
rounds = 0
while True:
    error = box.improve(X, Y, 0.3)
    rounds += 1
    if rounds % 500 == 0:
        print(rounds, error)
    if error < 0.002 or rounds >= 8000:
        break
print(np.round(box.compute(X), 2))
