import numpy as np

np.random.seed(11)

# xor; the third input is always 1 and does the job of a bias
a = np.array([[0, 0, 1], [0, 1, 1], [1, 0, 1], [1, 1, 1]], dtype=float)
t = [0, 1, 1, 0]

s = lambda z: 1 / (1 + np.exp(-z))

w = np.random.uniform(-2, 2, (3, 6))
v = np.random.uniform(-2, 2, 6)
r = 0.8

for k in range(4000):
    e = []
    for i in range(4):
        x = a[i]
        h = s(x.dot(w))
        q = s(h.dot(v))
        e.append(0.5 * (t[i] - q) ** 2)
        d = (t[i] - q) * q * (1 - q)  # output delta
        g = d * v * h * (1 - h)  # hidden deltas, with the old v
        v += r * d * h
        w += r * np.outer(x, g)
    E = sum(e)
    if k % 500 == 0:
        print(k, E)

for x, y in zip(a, t):
    print(x[:2], y, round(float(s(s(x.dot(w)).dot(v))), 3))

# /// faultbench
# task = "xor"
# loop = 2
# parameters = ["w", "v"]
# loss = "E"
# ///
