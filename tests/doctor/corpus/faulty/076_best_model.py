import numpy as np

rng = np.random.default_rng(2)


class Net:
    def __init__(self, hidden):
        self.w = [rng.normal(0, 3, (1, hidden)), rng.normal(0, 2, hidden), rng.normal(0, 0.2, (hidden, 1)), np.zeros(1)]

    def forward(self, x):
        self.h = np.tanh(x @ self.w[0] + self.w[1])
        return self.h @ self.w[2] + self.w[3]

    def mse(self, x, y):
        return np.mean((self.forward(x) - y) ** 2)

    def step(self, x, y, lr):
        d = 2 * (self.forward(x) - y) / len(x)
        dh = d @ self.w[2].T * (1 - self.h ** 2)
        for w, g in zip(self.w, (x.T @ dh, dh.sum(axis=0), self.h.T @ d, d.sum(axis=0))):
            w -= lr * g


def sample(n):
    x = rng.uniform(-1, 1, (n, 1))
    return x, np.sin(4 * x) + 0.4 * rng.normal(size=(n, 1))


x_tr, y_tr = sample(16)
x_va, y_va = sample(200)
net = Net(40)

best, best_epoch = np.inf, 0
for epoch in range(4000):
    net.step(x_tr, y_tr, 0.02)
    error = net.mse(x_va, y_va)
    if error < best:
        best, best_epoch = error, epoch
        best_w = net.w
    if epoch % 400 == 0:
        print("epoch", epoch, "train", net.mse(x_tr, y_tr), "validation", error)

net.w = best_w
print("best epoch", best_epoch, "validation error then", best)
print("validation error of the restored net", net.mse(x_va, y_va))
