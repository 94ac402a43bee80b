import numpy as np


class MultiLabelNet:
    """4 inputs, 4 hidden units, 4 yes/no answers"""

    def __init__(self):
        self.W1 = np.random.randn(4, 4)
        self.b1 = np.zeros(4)
        self.W2 = np.random.randn(4, 4)
        self.b2 = np.zeros(4)

    def forward(self, x):
        h = 1 / (1 + np.exp(-(self.W1 @ x + self.b1)))
        o = 1 / (1 + np.exp(-(self.W2 @ h + self.b2)))
        return h, o

    def learn(self, x, t, eta):
        h, o = self.forward(x)
        delta_o = (o - t) * o * (1 - o)
        delta_h = (self.W1.T @ delta_o) * h * (1 - h)
        self.W2 -= eta * np.outer(delta_o, h)
        self.b2 -= eta * delta_o
        self.W1 -= eta * np.outer(delta_h, x)
        self.b1 -= eta * delta_h

    def cost(self, X, T):
        return sum(0.5 * np.sum((self.forward(x)[1] - t) ** 2) for x, t in zip(X, T)) / len(X)


inputs = np.array([[(n >> k) & 1 for k in range(4)] for n in range(16)], dtype=float)
a, b, c, d = inputs.T
labels = np.stack([np.maximum(a, b), c * d, (a + b + c + d >= 2), 1 - d], axis=1).astype(float)

net = MultiLabelNet()
for epoch in range(1201):
    for i in np.random.permutation(16):
        net.learn(inputs[i], labels[i], 0.7)
    if epoch % 100 == 0:
        print(epoch, "cost", net.cost(inputs, labels))
