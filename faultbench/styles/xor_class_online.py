"""XOR, one sample at a time, with a little class."""

import numpy as np

rng = np.random.RandomState(5)


class TwoLayerNet:
    def __init__(self, n_in, n_hidden, n_out, eta):
        self.w_ih = rng.normal(0, 1, size=(n_hidden, n_in))
        self.b_h = rng.normal(0, 0.5, size=n_hidden)
        self.w_ho = rng.normal(0, 1 / np.sqrt(n_hidden), size=(n_out, n_hidden))
        self.b_o = np.zeros(n_out)
        self.eta = eta

    def forward(self, x):
        self.x = x
        self.h = np.tanh(self.w_ih.dot(x) + self.b_h)
        self.o = 1 / (1 + np.exp(-(self.w_ho.dot(self.h) + self.b_o)))
        return self.o

    def backward(self, target):
        diff = self.o - target
        delta_o = diff * self.o * (1 - self.o)
        # has to be computed before w_ho changes
        delta_h = self.w_ho.T.dot(delta_o) * (1 - self.h**2)

        self.w_ho -= self.eta * np.outer(delta_o, self.h)
        self.b_o -= self.eta * delta_o
        self.w_ih -= self.eta * np.outer(delta_h, self.x)
        self.b_h -= self.eta * delta_h
        return 0.5 * np.sum(diff**2)


inputs = [np.array(p, dtype=float) for p in ((0, 0), (0, 1), (1, 0), (1, 1))]
targets = [0, 1, 1, 0]

net = TwoLayerNet(2, 6, 1, eta=0.5)

for epoch in range(1, 2001):
    total = 0.0
    for k in rng.permutation(4):
        net.forward(inputs[k])
        total += net.backward(targets[k])
    loss = total / 4
    if epoch in (1, 10, 100) or epoch % 500 == 0:
        print(f"epoch {epoch:4d}   loss {loss:.5f}")

for x, t in zip(inputs, targets):
    print(x, "->", f"{net.forward(x)[0]:.3f}", "wanted", t)

# /// faultbench
# task = "xor"
# loop = 2
# parameters = ["net.w_ih", "net.b_h", "net.w_ho", "net.b_o"]
# loss = "loss"
# ///
