import numpy as np

rng = np.random.RandomState(0)

# small 6x6 "digits": one fixed pattern per class plus noise
patterns = (rng.rand(10, 36) > 0.5).astype(float)
y_all = rng.randint(0, 10, 900)
X_all = patterns[y_all] + 0.4 * rng.randn(900, 36)
X_train, y_train = X_all[:700], y_all[:700]
X_test, y_test = X_all[700:], y_all[700:]


class MLP:
    def __init__(self, d, h, k):
        self.W1 = rng.randn(d, h) * np.sqrt(1.0 / d)
        self.b1 = np.zeros(h)
        self.W2 = rng.randn(h, h) * np.sqrt(1.0 / h)
        self.b2 = np.zeros(h)
        self.W3 = rng.randn(h, k) * np.sqrt(1.0 / h)
        self.b3 = np.zeros(k)

    def forward(self, X):
        self.a1 = np.tanh(X @ self.W1 + self.b1)
        self.a2 = np.tanh(self.a1 @ self.W2 + self.b2)
        s = self.a2 @ self.W3 + self.b3
        e = np.exp(s - s.max(axis=1, keepdims=True))
        self.p = e / e.sum(axis=1, keepdims=True)

    def step(self, X, Y, lr):
        d3 = (self.p - Y) / len(X)
        d2 = (d3 @ self.W3.T) * (1 - self.a2 ** 2)
        d1 = (d2 @ self.W2.T) * (1 - self.a1 ** 2)
        self.W3 -= lr * self.a2.T @ d3
        self.b3 -= lr * d3.sum(axis=0)
        self.W2 -= lr * self.a1.T @ d2
        self.b2 -= lr * d2.sum(axis=0)
        self.W1 -= lr * X.T @ d1
        self.b1 -= lr * d1.sum(axis=0)

    def fit(self, X, y, epochs=15, batch=35, lr=0.2):
        Y = np.eye(10)[y]
        for epoch in range(epochs):
            order = rng.permutation(len(X))
            for start in range(0, len(X), batch):
                rows = order[start:start + batch]
                xb, yb = X[rows], Y[rows]
                self.forward(xb)
                self.step(xb, yb, lr)
            self.forward(X)
            print(epoch, -np.mean(np.log(self.p[np.arange(len(y)), y] + 1e-15)))

    def predict(self, X):
        self.forward(X)
        return self.p.argmax(axis=1)


net = MLP(36, 24, 10)
net.fit(X_train, y_train)
print("test accuracy", np.mean(net.predict(X_test) == y_test))
