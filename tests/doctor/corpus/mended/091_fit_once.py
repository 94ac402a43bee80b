import numpy as np


class Brain:
    def __init__(self, inputs, neurons, outputs):
        self.a = np.random.normal(0, 1, (inputs, neurons))
        self.b = np.zeros(neurons)
        self.c = np.random.normal(0, 1, (neurons, outputs))
        self.d = np.zeros(outputs)

    def guess(self, x):
        self.h = np.tanh(x @ self.a + self.b)
        return 1 / (1 + np.exp(-(self.h @ self.c + self.d)))

    def fit(self, x, y, speed):
        for round_ in range(3000):
            p = self.guess(x)
            self.loss = np.mean(-y * np.log(p) - (1 - y) * np.log(1 - p))
            dp = (p - y) / len(x)
            dh = dp @ self.c.T * (1 - self.h ** 2)
            self.c -= speed * self.h.T @ dp
            self.d -= speed * dp.sum(axis=0)
            self.a -= speed * x.T @ dh
            self.b -= speed * dh.sum(axis=0)
        return self.loss


np.random.seed(90)
rows = np.random.uniform(-1, 1, (100, 2))
answers = (rows[:, [1]] > np.sin(4 * rows[:, [0]]) * 0.6).astype(float)

brain = Brain(2, 16, 1)
print("loss", brain.fit(rows, answers, 0.5))
new = np.array([[0.4, 0.9], [0.4, -0.2], [-0.4, 0.9], [-0.4, -0.9]])
print("guesses", brain.guess(new).ravel(), "should be 1 0 1 0")
