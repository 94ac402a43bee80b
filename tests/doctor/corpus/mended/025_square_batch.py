import numpy as np

f = lambda z: 1 / (1 + np.exp(-z))

x = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], dtype=float)
t = np.array([[0, 1], [1, 0], [1, 0], [0, 1]], dtype=float)
N = x.shape[0]
H = 4

U = np.random.uniform(-2, 2, (2, H))
u = np.random.uniform(-1, 1, H)
V = np.random.uniform(-2, 2, (H, 2))
v = np.zeros(2)

n = 0
while n < 6000:
    h = f(x @ U + u)
    y = f(h @ V + v)
    J = -np.sum(t * np.log(y) + (1 - t) * np.log(1 - y)) / N

    e = (y - t) / N
    d = e @ V.T * h * (1 - h)
    V = V - e.T.dot(h).T * 1.5
    v = v - e.sum(axis=0) * 1.5
    U = U - x.T @ d * 1.5
    u = u - d.sum(axis=0) * 1.5
    n = n + 1
