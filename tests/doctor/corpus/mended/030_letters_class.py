import numpy as np

rng = np.random.default_rng(12)

letters = {
    "T": "111010010010010",
    "L": "100100100100111",
    "X": "101101010101101",
    "H": "101101111101101",
    "O": "111101101101111",
}
proto = np.array([[int(ch) for ch in bits] for bits in letters.values()], dtype=float)
target = rng.integers(0, 5, 500)
X = proto[target] + rng.normal(0, 0.35, (500, 15))
T = np.eye(5)[target]


class Classifier:
    def __init__(self, sizes):
        self.W = [rng.normal(0, np.sqrt(2 / m), (m, n)) for m, n in zip(sizes, sizes[1:])]
        self.B = [np.zeros(n) for n in sizes[1:]]

    def forward(self, x):
        self.acts = [x]
        for W, B in zip(self.W[:-1], self.B[:-1]):
            self.acts.append(np.maximum(0, self.acts[-1] @ W + B))
        logits = self.acts[-1] @ self.W[-1] + self.B[-1]
        e = np.exp(logits - logits.max(axis=1, keepdims=True))
        return e / e.sum(axis=1, keepdims=True)

    def loss(self, x, t):
        return -np.sum(t * np.log(self.forward(x) + 1e-12)) / len(x)

    def step(self, x, t, lr):
        delta = (self.forward(x) - t) / len(x)
        for k in (2, 1, 0):
            back = delta @ self.W[k].T
            self.W[k] -= lr * self.acts[k].T @ delta
            self.B[k] -= lr * delta.sum(axis=0)
            if k > 0:
                delta = back * (self.acts[k] > 0)


clf = Classifier([15, 20, 20, 5])
for epoch in range(40):
    o = rng.permutation(500)
    for j in range(0, 500, 25):
        clf.step(X[o[j:j + 25]], T[o[j:j + 25]], 0.2)
    if epoch % 4 == 0:
        print(epoch, clf.loss(X, T), np.mean(clf.forward(X).argmax(axis=1) == target))
