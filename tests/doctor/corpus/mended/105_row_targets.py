import numpy as np

np.random.seed(83)
s = np.random.uniform(-1, 1, (70, 2))
z = np.exp(-3 * (s ** 2).sum(axis=1))

P = np.random.randn(2, 14) * 1.5
p = np.random.randn(14)
Q = np.random.randn(14) * 0.2
q = np.zeros(1)
f = 0.2

for k in range(4000):
    h = np.tanh(s @ P + p)
    o = h @ Q + q
    e = o - z
    if k % 400 == 0:
        print("k", k, "mean square", np.mean(e ** 2))
    g = 2 * e / len(s)
    d = np.outer(g, Q) * (1 - h ** 2)
    Q -= f * g @ h
    q -= f * g.sum()
    P -= f * s.T @ d
    p -= f * d.sum(axis=0)

print("largest error", np.abs(o - z.ravel()).max())
