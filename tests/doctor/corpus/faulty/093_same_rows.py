import numpy as np

np.random.seed(57)


def load_dataset(n=240):
    X = np.random.uniform(-1, 1, (4, n))
    score = X[0] - X[1] * X[2] + 0.35 * np.random.randn(n)
    return X, (score > 0).astype(float).reshape(1, n)


class Net:
    def __init__(self, nx, nh):
        self.W1, self.b1 = np.random.randn(nh, nx) * 0.5, np.zeros((nh, 1))
        self.W2, self.b2 = np.random.randn(1, nh) * 0.5, np.zeros((1, 1))

    def forward(self, X):
        self.A1 = np.tanh(self.W1 @ X + self.b1)
        return 1 / (1 + np.exp(-(self.W2 @ self.A1 + self.b2)))

    def cost(self, X, Y):
        A = self.forward(X)
        return np.mean(-Y * np.log(A) - (1 - Y) * np.log(1 - A))

    def descend(self, X, Y, rate):
        m = X.shape[1]
        d2 = (self.forward(X) - Y) / m
        d1 = self.W2.T @ d2 * (1 - self.A1 ** 2)
        self.W2 -= rate * d2 @ self.A1.T
        self.b2 -= rate * d2.sum(axis=1, keepdims=True)
        self.W1 -= rate * d1 @ X.T
        self.b1 -= rate * d1.sum(axis=1, keepdims=True)


X, Y = load_dataset()
train_x, train_y = X[:, :180], Y[:, :180]
test_x, test_y = X[:, :60], Y[:, :60]

net = Net(4, 8)
for it in range(500):
    net.descend(train_x, train_y, 0.5)
    if it % 50 == 0:
        print("iteration", it, "cost", net.cost(train_x, train_y))
print("train accuracy:", np.mean((net.forward(train_x) > 0.5) == train_y))
print("test accuracy:", np.mean((net.forward(test_x) > 0.5) == test_y))
