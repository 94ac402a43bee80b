import numpy as np


class Network:
    def __init__(self, seed=None):
        r = np.random.RandomState(seed)
        self.w_ih = r.randn(3, 6) * 2
        self.b_h = r.randn(6)
        self.w_ho = r.randn(6, 1)
        self.b_o = r.randn(1)

    @staticmethod
    def s(v):
        return 1.0 / (1.0 + np.exp(-v))

    def think(self, x):
        self.h = self.s(x @ self.w_ih + self.b_h)
        return self.s(self.h @ self.w_ho + self.b_o)

    def adjust(self, x, t, rate):
        out = self.think(x)
        error = t - out
        d_o = error * out * (1 - out)
        d_h = (d_o @ self.w_ho.T) * self.h * (1 - self.h)
        self.w_ho += rate * np.outer(self.h, d_o)
        self.b_o += rate * d_o
        self.w_ih += rate * np.outer(x, d_h)
        self.b_h += rate * d_h

    def mse(self, X, T):
        return np.mean([(t - self.think(x)) ** 2 for x, t in zip(X, T)])


# majority of three, except that 1,1,1 is off
train_x = np.array([[0, 0, 0], [0, 0, 1], [0, 1, 0], [0, 1, 1], [1, 0, 0], [1, 0, 1], [1, 1, 0], [1, 1, 1]], dtype=float)
train_t = np.array([[0], [0], [0], [1], [0], [1], [1], [0]], dtype=float)

nn = Network(7)
for epoch in range(2500):
    for xi, ti in zip(train_x, train_t):
        nn.adjust(xi, ti, 0.9)
    if epoch % 250 == 0:
        print("epoch", epoch, "mse", nn.mse(train_x, train_t))
