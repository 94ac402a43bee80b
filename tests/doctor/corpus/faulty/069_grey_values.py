import numpy as np

shapes = ["0110100110010110", "1111100010001111", "1001011001101001", "0100010001000100", "1111000011110000"]
glyph = np.array([[float(ch) for ch in s] for s in shapes])


def draw(n):
    label = np.random.randint(0, 5, n)
    grey = glyph[label] * 200 + np.random.randint(0, 55, (n, 16))
    return grey, label


class NeuralNetwork:
    def __init__(self, i, h, o, lr):
        self.wih = np.random.normal(0.0, i ** -0.5, (h, i))
        self.who = np.random.normal(0.0, h ** -0.5, (o, h))
        self.bh = np.zeros(h)
        self.bo = np.zeros(o)
        self.lr = lr
        self.f = lambda x: 1 / (1 + np.exp(-x))

    def query(self, x):
        return self.f(self.who @ self.f(self.wih @ x + self.bh) + self.bo)

    def train(self, X, T, epochs):
        for e in range(epochs):
            for r in np.random.permutation(len(X)):
                x, t = X[r], T[r]
                h = self.f(self.wih @ x + self.bh)
                o = self.f(self.who @ h + self.bo)
                d_o = (o - t) * o * (1 - o)
                d_h = (self.who.T @ d_o) * h * (1 - h)
                self.who -= self.lr * np.outer(d_o, h)
                self.bo -= self.lr * d_o
                self.wih -= self.lr * np.outer(d_h, x)
                self.bh -= self.lr * d_h


def hits(net, X, label):
    return np.mean([net.query(x).argmax() == c for x, c in zip(X, label)])


train, train_label = draw(300)
test, test_label = draw(100)
n = NeuralNetwork(16, 8, 5, 0.3)
n.train(train, np.eye(5)[train_label], 12)
print("right on the test set:", hits(n, test, test_label))
