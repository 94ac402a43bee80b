import numpy as np


def make_moons(n, noise, rng):
    t = rng.uniform(0, np.pi, n)
    up = np.c_[np.cos(t), np.sin(t)]
    down = np.c_[1 - np.cos(t), 0.5 - np.sin(t)]
    X = np.r_[up, down] + rng.normal(0, noise, (2 * n, 2))
    return X, np.r_[np.zeros(n), np.ones(n)].reshape(-1, 1)


class Net(object):
    def __init__(self, n_hidden, rng):
        self.w1 = rng.normal(0, 1, (2, n_hidden))
        self.b1 = np.zeros(n_hidden)
        self.w2 = rng.normal(0, 0.3, (n_hidden, 1))
        self.b2 = np.zeros(1)
        self.losses = []

    def predict(self, X):
        self.a1 = np.tanh(X @ self.w1 + self.b1)
        self.a2 = 1 / (1 + np.exp(-(self.a1 @ self.w2 + self.b2)))
        return self.a2

    def fit(self, X, Y, epochs, lr, batch, rng):
        for epoch in range(epochs):
            order = rng.permutation(len(X))
            for k in range(0, len(X), batch):
                rows = order[k:k + batch]
                x = X[rows]
                self.predict(x)
                delta2 = (self.a2 - Y[rows]) * 2 / len(rows) * self.a2 * (1 - self.a2)
                delta1 = (delta2 @ self.w2.T) * (1 - self.a1 ** 2)
                self.w2 -= lr * self.a1.T @ delta2
                self.b2 -= lr * delta2.sum(axis=0)
                self.w1 -= lr * x.T @ delta1
                self.b1 -= lr * delta1.sum(axis=0)
            self.losses.append(np.mean((self.predict(X) - Y) ** 2))
            if epoch % 20 == 0:
                print(f"epoch {epoch}: mse {self.losses[-1]:.5f}")


rng = np.random.default_rng(3)
X, Y = make_moons(150, 0.1, rng)
model = Net(12, rng)
model.fit(X, Y, 201, 0.5, 20, rng)
