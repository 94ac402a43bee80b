# dropout demo: 6 letters as 6x6 bitmaps with a lot of noise
import numpy as np

rs = np.random.RandomState(17)

letters = {
    "T": "###### ###### ..##.. ..##.. ..##.. ..##..",
    "L": "##.... ##.... ##.... ##.... ###### ######",
    "H": "##..## ##..## ###### ###### ##..## ##..##",
    "O": ".####. ##..## ##..## ##..## ##..## .####.",
    "X": "##..## .####. ..##.. ..##.. .####. ##..##",
    "E": "###### ##.... ####.. ####.. ##.... ######",
}
prototypes = np.array([[float(c == "#") for c in s.replace(" ", "")] for s in letters.values()])


def sample(n):
    y = rs.randint(0, len(prototypes), n)
    x = prototypes[y] + rs.randn(n, 36) * 0.5
    return x - 0.5, y


class DropoutNet:
    def __init__(self, sizes, keep):
        self.keep = keep
        self.W = [rs.randn(a, b) * np.sqrt(2.0 / a) for a, b in zip(sizes[:-1], sizes[1:])]
        self.b = [np.zeros(b) for b in sizes[1:]]

    def forward(self, x, train):
        self.inputs, self.masks, self.pre = [], [], []
        last = len(self.W) - 1
        for l, (W, b) in enumerate(zip(self.W, self.b)):
            self.inputs.append(x)
            z = x.dot(W) + b
            self.pre.append(z)
            if l == last:
                return z
            x = np.maximum(z, 0)
            if train:
                mask = (rs.rand(*x.shape) < self.keep) / self.keep      # inverted dropout
                self.masks.append(mask)
                x = x * mask

    def fit_batch(self, x, y, lr):
        z = self.forward(x, train=True)
        z = z - z.max(axis=1, keepdims=True)
        log_p = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
        n = len(y)
        loss = -log_p[np.arange(n), y].mean()
        d = np.exp(log_p)
        d[np.arange(n), y] -= 1
        d /= n
        steps = []
        for l in reversed(range(len(self.W))):
            steps.append((l, self.inputs[l].T.dot(d), d.sum(axis=0)))
            if l > 0:
                d = d.dot(self.W[l].T) * self.masks[l - 1] * (self.pre[l - 1] > 0)
        for l, dW, db in steps:
            self.W[l] -= lr * dW
            self.b[l] -= lr * db
        return loss

    def predict(self, x):
        return self.forward(x, train=False).argmax(axis=1)


Xtrain, ytrain = sample(600)
Xtest, ytest = sample(300)
net = DropoutNet([36, 64, 32, 6], keep=0.7)
for epoch in range(30):
    order = rs.permutation(len(Xtrain))
    losses = [net.fit_batch(Xtrain[i], ytrain[i], 0.1) for i in np.split(order, 20)]
    if epoch % 5 == 4:
        print("epoch", epoch + 1, "train loss", np.mean(losses), "test accuracy", np.mean(net.predict(Xtest) == ytest))
