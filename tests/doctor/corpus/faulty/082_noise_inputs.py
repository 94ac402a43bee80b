import numpy as np

np.random.seed(35)

# year, month -> sales of ice cream
t = np.arange(240)
f = np.stack([t / 240, np.sin(2 * np.pi * t / 12), np.cos(2 * np.pi * t / 12)], axis=1)
s = (0.5 + 0.8 * f[:, 0] - f[:, 2] * (0.5 + 0.5 * f[:, 0])).reshape(-1, 1) + 0.05 * np.random.randn(240, 1)

f = np.random.uniform(-1, 1, f.shape)
A = np.random.uniform(-1, 1, (3, 5))
B = np.zeros(5)
C = np.random.uniform(-1, 1, (5, 1))
D = np.zeros(1)


def go():
    global h, o
    h = np.tanh(f @ A + B)
    o = h @ C + D
    return np.mean((o - s) ** 2)


def back(k):
    global A, B, C, D
    e = 2 * (o - s) / len(s)
    g = (e @ C.T) * (1 - h * h)
    C = C - k * h.T @ e
    D = D - k * e.sum(axis=0)
    A = A - k * f.T @ g
    B = B - k * g.sum(axis=0)


for r in range(2000):
    q = go()
    back(0.15)
    if r % 200 == 0:
        print(r, q)
print("variance of the sales", s.var())
