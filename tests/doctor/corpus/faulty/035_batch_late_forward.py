import numpy as np


class Regressor:
    def __init__(self, n_hidden, seed):
        self.rng = np.random.default_rng(seed)
        self.V = self.rng.normal(0, 1.5, (2, n_hidden))
        self.a = self.rng.normal(0, 1, n_hidden)
        self.U = self.rng.normal(0, 0.2, (n_hidden, 1))
        self.c = np.zeros(1)

    def forward(self, x):
        self.x = x
        self.h = np.tanh(x @ self.V + self.a)
        self.out = self.h @ self.U + self.c

    def backward(self, t):
        d = 2 * (self.out - t) / len(t)
        dh = d @ self.U.T * (1 - self.h ** 2)
        return self.x.T @ dh, dh.sum(axis=0), self.h.T @ d, d.sum(axis=0)

    def batches(self, x, t, size):
        p = self.rng.permutation(len(x))
        for s in range(0, len(x), size):
            yield x[p[s:s + size]], t[p[s:s + size]]

    def fit(self, x, t, epochs, lr):
        self.forward(x[:25])
        for epoch in range(epochs):
            for xb, tb in self.batches(x, t, 25):
                gV, ga, gU, gc = self.backward(tb)
                self.V -= lr * gV
                self.a -= lr * ga
                self.U -= lr * gU
                self.c -= lr * gc
                self.forward(xb)
            if epoch % 20 == 0:
                print("epoch", epoch, "mse", self.error(x, t))
                self.forward(xb)

    def error(self, x, t):
        self.forward(x)
        return np.mean((self.out - t) ** 2)


gen = np.random.default_rng()
x = gen.uniform(-1, 1, (200, 2))
t = np.sin(3 * x[:, :1]) * x[:, 1:] + 0.5 * x[:, 1:] ** 2

reg = Regressor(25, 1)
reg.fit(x, t, 300, 0.1)
print("mse at the end", reg.error(x, t))
