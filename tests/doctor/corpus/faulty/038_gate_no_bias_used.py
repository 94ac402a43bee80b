import numpy as np


class Gate:
    def __init__(self, table, hidden=4):
        self.table = table
        self.wh = np.random.randn(hidden, 2) * 2
        self.wo = np.random.randn(hidden)
        self.bias_h = np.random.randn(hidden)
        self.bias_o = np.zeros(1)

    def f(self, z):
        return 1 / (1 + np.exp(-z))

    def forward(self, x):
        self.h = np.tanh(self.wh @ x)
        return self.f(self.wo @ self.h)

    def update(self, x, t, lr):
        o = self.forward(x)
        d = (o - t) * o * (1 - o)
        dh = d * self.wo * (1 - self.h ** 2)
        self.wo -= lr * d * self.h
        self.wh -= lr * np.outer(dh, x)

    def total(self):
        return sum(0.5 * (self.forward(x) - t) ** 2 for x, t in self.table)


# NOR
table = [(np.array([a, b]), float(not (a or b))) for a in (0, 1) for b in (0, 1)]
g = Gate(table)
for epoch in range(3001):
    for x, t in table:
        g.update(x, t, 0.8)
    if epoch % 300 == 0:
        print("epoch", epoch, "cost", g.total())
for x, t in table:
    print(x, t, g.forward(x))
