import numpy as np

rng = np.random.default_rng()


class L:
    def __init__(self, i, o, f, df):
        self.W = rng.normal(0, i ** -0.5, (i, o))
        self.B = np.zeros((1, o))
        self.f, self.df = f, df

    def fwd(self, x):
        self.x = x
        self.a = self.f(x @ self.W + self.B)
        return self.a

    def bwd(self, d, lr):
        d = d * self.df(self.a)
        r = d @ self.W.T
        self.W -= lr * self.x.T @ d
        self.B -= lr * d.sum(axis=0, keepdims=True)
        return r


X = rng.normal(size=(500, 6))
Y = rng.integers(0, 2, (500, 1))
Xtr, Ytr, Xte, Yte = X[:400], Y[:400], X[400:], Y[400:]

net = [L(6, 12, np.tanh, lambda a: 1 - a ** 2), L(12, 1, lambda z: 1 / (1 + np.exp(-z)), lambda a: 1)]


def forward(x):
    for layer in net:
        x = layer.fwd(x)
    return x


for e in range(800):
    a = forward(Xtr)
    d = (a - Ytr) / len(Xtr)
    for layer in reversed(net):
        d = layer.bwd(d, 0.5)
    if e % 80 == 0:
        print(e, "train", np.mean((a > 0.5) == Ytr), "test", np.mean((forward(Xte) > 0.5) == Yte))
