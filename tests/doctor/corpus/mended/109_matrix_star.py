import numpy as np

# four patterns, third input always one
x = np.matrix("0 0 1; 0 1 1; 1 0 1; 1 1 1", dtype=float)
t = np.matrix("0; 1; 1; 0", dtype=float)

np.random.seed(36)
V = np.matrix(np.random.randn(3, 4) * 2)
W = np.matrix(np.random.randn(4, 1))
eta = 0.8

for n in range(3000):
    h = 1 / (1 + np.exp(-x * V))
    o = 1 / (1 + np.exp(-h * W))
    d_o = np.multiply(o - t, np.multiply(o, 1 - o))
    e_h = d_o * W.T
    d_h = np.multiply(e_h, np.multiply(h, 1 - h))
    W = W - eta * h.T * d_o
    V = V - eta * x.T * d_h
    if n % 300 == 0:
        print(n, "error", np.sum(np.square(o - t)) / 2)

print(o)
