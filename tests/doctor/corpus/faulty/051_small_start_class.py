import numpy as np


class NeuralNetwork:
    def __init__(self, layers):
        n0, n1, n2 = layers
        self.w1 = 0.001 * np.random.randn(n0, n1)
        self.b1 = np.zeros(n1)
        self.w2 = 0.001 * np.random.randn(n1, n2)
        self.b2 = np.zeros(n2)

    def act(self, z):
        return 1.0 / (1.0 + np.exp(-z))

    def feed(self, X):
        self.a1 = self.act(X @ self.w1 + self.b1)
        self.a2 = self.act(self.a1 @ self.w2 + self.b2)
        return self.a2

    def cost(self, X, y):
        a = self.feed(X)
        return float(np.mean(-y * np.log(a) - (1 - y) * np.log(1 - a)))

    def train(self, X, y, iterations, eta):
        for k in range(iterations):
            cost = self.cost(X, y)
            d2 = (self.a2 - y) / len(X)
            d1 = d2 @ self.w2.T * self.a1 * (1 - self.a1)
            self.w2 -= eta * self.a1.T @ d2
            self.b2 -= eta * d2.sum(axis=0)
            self.w1 -= eta * X.T @ d1
            self.b1 -= eta * d1.sum(axis=0)
            if k % 1000 == 0:
                print("iteration %6d  cost %.6f" % (k, cost))


# exclusive or, padded with an irrelevant third bit
X = np.array([[i >> 2 & 1, i >> 1 & 1, i & 1] for i in range(8)])
y = (X[:, 0] ^ X[:, 1]).reshape(8, 1)
nn = NeuralNetwork((3, 8, 1))
nn.train(X, y, 10000, 0.5)
print(nn.feed(X).round(2).ravel())
