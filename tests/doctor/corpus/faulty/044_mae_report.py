import numpy as np

g = np.random.default_rng(77)
u = g.uniform(0, 2, (300, 1))
s = np.sqrt(u) * np.cos(3 * u)
s[::15] += g.normal(0, 1, (20, 1))

a0 = g.normal(0, 2, (1, 30))
c0 = g.normal(0, 2, 30)
a1 = g.normal(0, 0.1, (30, 1))
c1 = np.zeros(1)
hist = []

for ep in range(250):
    perm = g.permutation(300)
    tot = 0
    for q in range(0, 300, 30):
        w = u[perm[q:q + 30]]
        v = s[perm[q:q + 30]]
        z = np.tanh(w @ a0 + c0)
        r = z @ a1 + c1
        tot += np.mean(np.abs(r - v))
        dr = 2 * (r - v) / len(v)
        dz = dr @ a1.T * (1 - z ** 2)
        a1 -= 0.02 * z.T @ dr
        c1 -= 0.02 * dr.sum(axis=0)
        a0 -= 0.02 * w.T @ dz
        c0 -= 0.02 * dz.sum(axis=0)
    hist.append(tot / 10)
    if ep % 25 == 0:
        print("epoch", ep, "loss", hist[-1])
print("end", hist[-1])
