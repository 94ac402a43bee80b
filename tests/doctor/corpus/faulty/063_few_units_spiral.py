import numpy as np


class SpiralNet:
    def __init__(self, units, rng):
        self.a = rng.normal(0, 3, (2, units))
        self.b = rng.normal(0, 2, units)
        self.c = rng.normal(0, 0.3, (units, 1))
        self.d = np.zeros(1)

    def forward(self, X):
        self.h = np.tanh(X @ self.a + self.b)
        return 1 / (1 + np.exp(-(self.h @ self.c + self.d)))

    def loss(self, X, y):
        p = np.clip(self.forward(X), 1e-9, 1 - 1e-9)
        return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))

    def step(self, X, y, lr):
        g = (self.forward(X) - y) / len(X)
        gh = g @ self.c.T * (1 - self.h ** 2)
        self.c -= lr * self.h.T @ g
        self.d -= lr * g.sum(axis=0)
        self.a -= lr * X.T @ gh
        self.b -= lr * gh.sum(axis=0)


rng = np.random.default_rng()
s = rng.uniform(0.2, 1, 240)
arm = rng.integers(0, 2, 240)
ang = 8 * s + np.pi * arm
X = np.column_stack([s * np.cos(ang), s * np.sin(ang)]) + rng.normal(0, 0.02, (240, 2))
y = arm.reshape(-1, 1)

net = SpiralNet(2, rng)
for epoch in range(600):
    for batch in np.array_split(rng.permutation(240), 8):
        net.step(X[batch], y[batch], 0.8)
    if epoch % 50 == 0:
        print(epoch, net.loss(X, y), np.mean((net.forward(X) > 0.5) == y))
