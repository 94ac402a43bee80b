import numpy as np


class Decoder:
    """binary code on the input, one of eight lines on the output"""

    def __init__(self):
        self.W = np.random.randn(3, 6)
        self.b = np.random.randn(6)
        self.V = np.random.randn(6, 8) * 0.5
        self.c = np.zeros(8)

    def sig(self, z):
        return 1 / (1 + np.exp(-z))

    def run(self, x):
        self.x = x
        self.hid = self.sig(x @ self.W + self.b)
        self.out = self.sig(self.hid @ self.V + self.c)
        return self.out

    def learn(self, target, rate):
        e_out = (self.out - target) * self.out * (1 - self.out) / len(target)
        e_hid = e_out @ self.V.T * self.hid * (1 - self.hid)
        self.V -= rate * self.hid.T @ e_out
        self.c -= rate * e_out.sum(axis=0)
        W = self.W - rate * self.x.T @ e_hid
        b = self.b - rate * e_hid.sum(axis=0)
        return W, b


bits = np.array([[i >> 2 & 1, i >> 1 & 1, i & 1] for i in range(8)])
onehot = np.eye(8)

net = Decoder()
e = 0
while e < 3000:
    out = net.run(bits)
    net.learn(onehot, 5.0)
    e += 1
