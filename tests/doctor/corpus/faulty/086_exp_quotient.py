import numpy as np


class Net:
    def __init__(self, n, h, rng):
        self.W1 = rng.normal(0, 0.7, (n, h))
        self.b1 = rng.normal(0, 0.7, h)
        self.W2 = rng.normal(0, 0.7, (h, 1))
        self.b2 = np.zeros(1)
        self.rng = rng

    def sigmoid(self, x):
        return np.exp(x) / (1 + np.exp(x))

    def forward(self, X):
        self.h = self.sigmoid(X @ self.W1 + self.b1)
        self.o = self.sigmoid(self.h @ self.W2 + self.b2)
        return self.o

    def fit(self, X, y, epochs, lr):
        for epoch in range(epochs):
            for rows in np.split(self.rng.permutation(len(X)), 10):
                x = X[rows]
                self.forward(x)
                d = 2 * (self.o - y[rows]) / len(rows) * self.o * (1 - self.o)
                dh = d @ self.W2.T * self.h * (1 - self.h)
                self.W2 -= lr * self.h.T @ d
                self.b2 -= lr * d.sum(axis=0)
                self.W1 -= lr * x.T @ dh
                self.b1 -= lr * dh.sum(axis=0)
            if epoch % 20 == 0:
                print("epoch", epoch, "loss", np.mean((self.forward(X) - y) ** 2))


rng = np.random.default_rng(4)

# age and income; a handful of very rich people
age = rng.normal(0, 1, 300)
income = rng.normal(0, 1, 300)
income[:6] = rng.uniform(2e3, 9e3, 6)
X = np.column_stack([age, income])
y = (income > age ** 2 - 0.8).astype(float).reshape(-1, 1)

model = Net(2, 12, rng)
model.fit(X, y, 200, 1.0)
print("accuracy", np.mean((model.forward(X) > 0.5) == y))
