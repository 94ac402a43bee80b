import numpy as np
from itertools import product

# parity and majority of three bits, everything coded -1 / +1
D = []
for v in product((-1, 1), repeat=3):
    D.append((np.array(v), np.array([np.prod(v), np.sign(sum(v))])))

H = 12
A = np.random.randn(H, 3)
p = np.random.randn(H) * 0.5
B = np.random.randn(2, H) * 0.2
q = np.zeros(2)
r = 0.03

for k in range(1201):
    E = 0
    for x, t in D:
        h = np.tanh(A @ x + p)
        y = np.tanh(B @ h + q)
        E += np.sum((y - t) ** 2)
        g = 2 * (y - t) * (1 - y * y)
        s = (B.T @ g) * (1 - h * h)
        B -= r * np.outer(g, h)
        q -= r * g
        A -= r * np.outer(s, x)
        p -= r * s
    E /= len(D)
    if k % 100 == 0:
        print(k, E)
