import numpy as np


class Regression:
    def __init__(self, d, h):
        self.W1 = np.random.randn(d, h) * np.sqrt(2 / d)
        self.b1 = np.zeros(h)
        self.W2 = np.random.randn(h, 1) * np.sqrt(1 / h)
        self.b2 = np.zeros(1)

    def predict(self, X):
        self.H = np.maximum(0, X @ self.W1 + self.b1)
        return self.H @ self.W2 + self.b2

    def train(self, X, y, lr, epochs, batch_size):
        for epoch in range(epochs):
            p = np.random.permutation(len(X))
            for i in range(0, len(X), batch_size):
                xb, yb = X[p[i:i + batch_size]], y[p[i:i + batch_size]]
                grad = 2 * (self.predict(xb) - yb) / len(xb)
                gradH = (grad @ self.W2.T) * (self.H > 0)
                self.W2 -= lr * (self.H.T @ grad)
                self.b2 -= lr * grad.sum(axis=0)
                self.W1 -= lr * (xb.T @ gradH)
                self.b1 -= lr * gradH.sum(axis=0)
            if epoch % 5 == 0:
                print("epoch", epoch, "loss", np.mean((self.predict(X) - y) ** 2))


rooms = np.random.randint(1, 7, 200)
metres = rooms * 22 + np.random.randn(200) * 12
year = np.random.uniform(1950, 2020, 200)
price = 2.1 * metres + 15 * rooms + 0.8 * (year - 1950) + np.random.randn(200) * 5

X = np.column_stack([rooms, metres, year])
X = (X - X.mean(axis=0)) / X.std(axis=0)
y = ((price - price.mean()) / price.std()).reshape(-1, 1)

net = Regression(3, 40)
net.train(X, y, lr=1.5, epochs=50, batch_size=20)
print(net.predict(X[:5]).ravel(), y[:5].ravel())
