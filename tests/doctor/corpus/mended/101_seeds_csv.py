import numpy as np


class Net:
    def __init__(self, n, h, k):
        self.W = np.random.randn(n, h) / np.sqrt(n)
        self.b = np.zeros(h)
        self.V = np.random.randn(h, k) / np.sqrt(h)
        self.c = np.zeros(k)

    def forward(self, X):
        self.X = X
        self.H = np.tanh(X @ self.W + self.b)
        Z = self.H @ self.V + self.c
        E = np.exp(Z - Z.max(axis=1, keepdims=True))
        return E / E.sum(axis=1, keepdims=True)

    def learn(self, X, c, lr):
        D = self.forward(X)
        D[np.arange(len(c)), c] -= 1
        D /= len(c)
        G = D @ self.V.T * (1 - self.H ** 2)
        self.V -= lr * self.H.T @ D
        self.c -= lr * D.sum(axis=0)
        self.W -= lr * X.T @ G
        self.b -= lr * G.sum(axis=0)


np.random.seed(11)
kind = np.repeat([1, 2, 3], 70)
table = np.column_stack([np.random.randn(210, 7) + 1.5 * np.random.randn(3, 7)[kind - 1], kind])
np.random.shuffle(table)
X = table[:, :7]
X = (X - X.mean(axis=0)) / X.std(axis=0)
c = table[:, 7].astype(int) - 1
Xtr, ctr, Xte, cte = X[:150], c[:150], X[150:], c[150:]

net = Net(7, 10, 3)
for epoch in range(60):
    for batch in np.array_split(np.random.permutation(150), 10):
        net.learn(Xtr[batch], ctr[batch], 0.3)
    if epoch % 6 == 0:
        print("epoch", epoch, "training accuracy", np.mean(net.forward(Xtr).argmax(axis=1) == ctr))
print("test accuracy", np.mean(net.forward(Xte).argmax(axis=1) == cte))
