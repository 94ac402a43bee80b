import numpy as np
import matplotlib.pyplot as plt


class SineNet:
    def __init__(self, hidden=20, learning_rate=0.002, epochs=3000):
        self.hidden = hidden
        self.learning_rate = learning_rate
        self.epochs = epochs
        self.history = []
        rng = np.random.default_rng(8)
        self.w1 = rng.normal(0, 1, (1, hidden))
        self.b1 = rng.normal(0, 1, hidden)
        self.w2 = rng.normal(0, 0.1, (hidden, 1))
        self.b2 = np.zeros(1)

    def forward(self, x):
        self.h = np.tanh(x @ self.w1 + self.b1)
        self.out = self.h @ self.w2 + self.b2
        return self.out

    def fit(self, x, t):
        for e in range(self.epochs):
            self.forward(x)
            diff = 2 * (self.out - t)
            back = diff @ self.w2.T * (1 - self.h ** 2)
            self.w2 -= self.learning_rate * self.h.T @ diff
            self.b2 -= self.learning_rate * diff.sum(axis=0)
            self.w1 -= self.learning_rate * x.T @ back
            self.b1 -= self.learning_rate * back.sum(axis=0)
            self.history.append(np.sum((self.out - t) ** 2))
            if e % 300 == 0:
                print("epoch", e, "error", self.history[-1])


x = np.linspace(-3, 3, 50).reshape(-1, 1)
t = np.sin(x)
net = SineNet()
net.fit(x, t)
plt.plot(net.history)
plt.show()
