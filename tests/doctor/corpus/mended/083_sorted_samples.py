import numpy as np

means = np.array([[1, 1], [-1, 1], [-1, -1], [1, -1]])
X = np.vstack([m + 0.45 * np.random.randn(150, 2) for m in means])
c = np.arange(600) // 150


class Net:
    def __init__(self, n_in, n_hid, n_out):
        self.w1 = np.random.randn(n_in, n_hid)
        self.b1 = np.zeros(n_hid)
        self.w2 = np.random.randn(n_hid, n_out) * 0.5
        self.b2 = np.zeros(n_out)

    def forward(self, x):
        h = np.tanh(x @ self.w1 + self.b1)
        z = h @ self.w2 + self.b2
        e = np.exp(z - z.max(axis=1, keepdims=True))
        return h, e / e.sum(axis=1, keepdims=True)

    def nll(self, x, c):
        return -np.mean(np.log(self.forward(x)[1][range(len(c)), c] + 1e-12))

    def learn(self, x, c, lr):
        h, p = self.forward(x[None, :])
        p[0, c] -= 1
        back = p @ self.w2.T * (1 - h ** 2)
        self.w2 -= lr * h.T @ p
        self.b2 -= lr * p[0]
        self.w1 -= lr * np.outer(x, back)
        self.b1 -= lr * back[0]


net = Net(2, 10, 4)
for epoch in range(10):
    for i in np.random.permutation(600):
        net.learn(X[i], c[i], 0.3)
    print("epoch", epoch, "loss", net.nll(X, c), "accuracy", np.mean(net.forward(X)[1].argmax(axis=1) == c))
