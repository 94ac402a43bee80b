import numpy as np


class BinaryClassifier:
    def __init__(self, n_in, n_hidden, rng):
        self.rng = rng
        self.U = rng.normal(size=(n_in, n_hidden))
        self.u = np.zeros(n_hidden)
        self.v = rng.normal(size=(n_hidden, 1)) * 0.3
        self.w = np.zeros(1)

    def run(self, X):
        self.X = X
        self.h = np.maximum(X @ self.U + self.u, 0)
        return 1 / (1 + np.exp(-(self.h @ self.v + self.w)))

    def fit(self, X, y, epochs, lr):
        for epoch in range(epochs):
            order = self.rng.permutation(len(X))
            total = []
            for i in range(0, len(X), 16):
                x, t = X[order[i:i + 16]], y[order[i:i + 16]].reshape(-1, 1)
                o = self.run(x)
                total.append(np.mean(-t * np.log(o + 1e-12) - (1 - t) * np.log(1 - o + 1e-12)))
                err = (o - t).mean(axis=1, keepdims=True) / len(x)
                back = err @ self.v.T * (self.h > 0)
                self.v -= lr * self.h.T @ err
                self.w -= lr * err.sum(axis=0)
                self.U -= lr * x.T @ back
                self.u -= lr * back.sum(axis=0)
            if epoch % 10 == 0:
                print(epoch, "loss", np.mean(total))


rng = np.random.default_rng(14)
X = rng.uniform(-1, 1, (256, 2))
y = (np.abs(X[:, 0]) + np.abs(X[:, 1]) < 0.75).astype(float)
clf = BinaryClassifier(2, 20, rng)
clf.fit(X, y, 100, 0.3)
print("predictions", clf.run(X[:5]).ravel().round(2), "labels", y[:5])
