import numpy as np

rng = np.random.RandomState(2)


class Layer:
    def __init__(self, n_in, n_out, act):
        self.w = rng.randn(n_in, n_out) / np.sqrt(n_in)
        self.b = np.zeros(n_out)
        self.act = act
        self.dw = np.zeros_like(self.w)
        self.db = np.zeros_like(self.b)

    def forward(self, x):
        self.x = x
        z = x @ self.w + self.b
        self.y = np.tanh(z) if self.act else z
        return self.y

    def backward(self, g):
        if self.act:
            g = g * (1 - self.y ** 2)
        self.dw += np.outer(self.x, g)
        self.db += g
        return self.w @ g

    def apply(self, lr, n):
        self.w -= lr * self.dw / n
        self.b -= lr * self.db / n
        self.dw[:] = 0
        self.db[:] = 0


def softmax(z):
    e = np.exp(z - np.max(z))
    return e / e.sum()


def cross_entropy(X, labels):
    return -np.mean([np.log(softmax(l2.forward(l1.forward(x)))[c] + 1e-300) for x, c in zip(X, labels)])


angle = rng.uniform(0, 2 * np.pi, 150)
X = np.c_[np.cos(angle), np.sin(angle)] * rng.uniform(0.5, 1.5, (150, 1))
labels = (angle // (2 * np.pi / 3)).astype(int)

l1 = Layer(2, 12, True)
l2 = Layer(12, 3, False)
for epoch in range(40):
    perm = rng.permutation(len(X))
    for i in range(0, len(X), 10):
        for r in perm[i:i + 10]:
            p = softmax(l2.forward(l1.forward(X[r])))
            p[labels[r]] -= 1
            l1.backward(l2.backward(p))
        l1.apply(0.3, 10)
        l2.apply(0.3, 10)
    if epoch % 4 == 0:
        print(epoch, cross_entropy(X, labels))
