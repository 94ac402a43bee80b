"""A very small neural network library."""
import numpy as np


class Module:
    def params(self):
        return []


class Linear(Module):
    def __init__(self, n_in, n_out):
        bound = np.sqrt(6.0 / n_in)
        self.w = np.random.uniform(-bound, bound, (n_out, n_in))
        self.b = np.random.uniform(-0.1, 0.1, n_out)
        self.gw = np.zeros_like(self.w)
        self.gb = np.zeros_like(self.b)

    def __call__(self, x):
        self.x = x
        return x @ self.w.T + self.b

    def back(self, g):
        self.gw[:] = g.T @ self.x
        self.gb[:] = g.sum(axis=0)
        return g @ self.w

    def params(self):
        return [(self.w, self.gw), (self.b, self.gb)]


class LeakyReLU(Module):
    def __init__(self, slope=0.05):
        self.slope = slope

    def __call__(self, x):
        self.x = x
        return np.where(x > 0, x, self.slope * x)

    def back(self, g):
        return np.where(self.x > 0, g, self.slope * g)


class Sequential(Module):
    def __init__(self, *modules):
        self.modules = modules

    def __call__(self, x):
        for m in self.modules:
            x = m(x)
        return x

    def back(self, g):
        for m in reversed(self.modules):
            g = m.back(g)
        return g

    def params(self):
        return [p for m in self.modules for p in m.params()]


class Adam:
    def __init__(self, params, lr=0.01, betas=(0.9, 0.999), eps=1e-8):
        self.params, self.lr, self.betas, self.eps = params, lr, betas, eps
        self.m = [np.zeros_like(p) for p, _ in params]
        self.v = [np.zeros_like(p) for p, _ in params]
        self.t = 0

    def step(self):
        self.t += 1
        b1, b2 = self.betas
        rate = self.lr * np.sqrt(1 - b2 ** self.t) / (1 - b1 ** self.t)
        for (p, g), m, v in zip(self.params, self.m, self.v):
            m += (1 - b1) * (g - m)
            v += (1 - b2) * (g * g - v)
            p -= rate * m / (np.sqrt(v) + self.eps)


def logistic_loss(logits, labels):
    """labels are 0/1, same shape as logits; returns the mean loss and its gradient"""
    loss = np.mean(np.logaddexp(0, logits) - labels * logits)
    prob = 0.5 * (1 + np.tanh(0.5 * logits))
    return loss, (prob - labels) / len(logits)
