import numpy as np


class Perceptron2:
    def __init__(self, n_in, n_hid, n_out):
        self.V = np.random.uniform(-1, 1, (n_in + 1, n_hid))
        self.W = np.random.uniform(-1, 1, (n_hid + 1, n_out))

    def run(self, x):
        ones = np.ones((len(x), 1))
        self.x = np.hstack([x, ones])
        self.h = np.hstack([np.tanh(self.x @ self.V), ones])
        return np.tanh(self.h @ self.W)

    def train(self, xs, ts, epochs, lr):
        for epoch in range(epochs):
            total = 0
            for x, t in zip(xs, ts):
                o = self.run(x[None, :])
                total += 0.5 * np.sum((o - t) ** 2)
                d = (o - t) * (1 - o ** 2)
                e = (d @ self.W[:-1].T) * (1 - self.h[:, :-1] ** 2)
                self.W -= lr * self.h.T @ d
                self.V -= lr * self.x.T @ e
            if epoch % 100 == 0:
                print("epoch", epoch, "error", total)


np.random.seed(22)
xs = np.random.uniform(-1, 1, (60, 2))
ts = 0.8 * np.sin(2 * xs[:, :1] + xs[:, 1:])
net = Perceptron2(2, 8, 1)
net.train(xs, ts, 500, 0.05)
print("mean squared error", np.mean((net.run(xs) - ts) ** 2))
