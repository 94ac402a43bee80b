import numpy as np

# length of the hypotenuse, both legs between 0 and 1
S = np.random.rand(80, 2)
T = np.sqrt((S ** 2).sum(axis=1))

n = 12
a = np.random.randn(n, 2)
b = 0.1 * np.ones(n)
c = np.random.rand(1, n) / n
d = np.zeros(1)
m = 0.02

for k in range(120):
    e = 0
    for x, t in zip(S, T):
        z = a @ x + b
        h = np.where(z > 0, z, 0)
        o = c @ h + d
        e += 0.5 * np.sum((o - t) ** 2)
        r = o - t
        q = (c.T @ r) * (z > 0)
        c = c - m * np.outer(r, h)
        d = d - m * r
        a = a - m * np.outer(q, x)
        b = b - m * q
    if k % 10 == 0:
        print(k, e / len(S))
