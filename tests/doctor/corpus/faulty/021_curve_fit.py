import numpy as np


def logistic(v):
    return 1 / (1 + np.exp(-v))


x = np.linspace(-1, 1, 60).reshape(60, 1)
t = np.exp(-8 * x ** 2) + 0.3 * x

W0 = np.random.normal(0, 4, (1, 15))
b0 = np.random.normal(0, 2, 15)
W1 = np.random.normal(0, 0.3, (15, 1))
b1 = np.zeros(1)

for i in range(10000):
    s = x @ W0 + b0
    h = logistic(s)
    y = h @ W1 + b1
    mse = ((y - t) ** 2).mean()

    gy = 2 * (y - t) / t.size
    gh = gy @ W1.T
    gs = gh * h * (1 - h) * s
    W1 -= 0.2 * (h.T @ gy)
    b1 -= 0.2 * gy.sum(axis=0)
    W0 -= 0.2 * (x.T @ gs)
    b0 -= 0.2 * gs.sum(axis=0)

    if i % 1000 == 0:
        print("iter", i, "mse", mse)

print("final mse", mse)
