import numpy as np


class TwoLayer:
    def __init__(self, nx, nh, ny):
        self.W1 = np.random.rand(nh, nx) - 0.5
        self.b1 = np.zeros((nh, 1))
        self.W2 = np.random.rand(ny, nh) - 0.5
        self.b2 = np.zeros((ny, 1))

    def forward(self, X):
        self.Z1 = self.W1.dot(X) + self.b1
        self.A1 = self.Z1 * (self.Z1 > 0)
        Z2 = self.W2.dot(self.A1) + self.b2
        E = np.exp(Z2 - Z2.max(axis=0))
        self.A2 = E / E.sum(axis=0)

    def fit(self, X, Y, iters, alpha):
        m = X.shape[1]
        for i in range(iters):
            self.forward(X)
            self.loss = -np.sum(Y * np.log(self.A2)) / m
            dZ2 = (self.A2 - Y) / m
            dZ1 = self.W2.T.dot(dZ2) * (self.Z1 > 0)
            self.W2 -= alpha * dZ2.dot(self.A1.T)
            self.b2 -= alpha * dZ2.sum(axis=1, keepdims=True)
            self.W1 -= alpha * dZ1.dot(X.T)
            self.b1 -= alpha * dZ1.sum(axis=1, keepdims=True)
            if i % 50 == 0:
                print("Iteration", i, "loss", self.loss)


np.random.seed(60)
strokes = np.random.rand(3, 16) > 0.5
kinds = np.random.randint(0, 3, 240)
X = np.clip(strokes[kinds] * 0.7 + 0.3 * np.random.rand(240, 16), 0, 1).T
Y = np.eye(3)[kinds].T
model = TwoLayer(16, 12, 3)
model.fit(X, Y, 500, 0.5)
print("training accuracy", np.mean(model.A2.argmax(axis=0) == kinds))
