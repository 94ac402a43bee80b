import numpy as np

samples = [([-1, -1], -1), ([-1, 1], 1), ([1, -1], 1), ([1, 1], -1)]

V = np.random.randn(6, 2)
c = np.random.randn(6)
U = np.random.randn(6) * 0.5
d = np.zeros(1)
eta = 0.05

for epoch in range(1000):
    total = 0.0
    for x, t in samples:
        x = np.array(x)
        z = V.dot(x) + c
        h = np.tanh(z)
        y = U.dot(h) + d[0]
        total += 0.5 * (y - t) ** 2

        e = y - t
        dh = e * U * (1 - z ** 2)
        U -= eta * e * h
        d -= eta * e
        V -= eta * np.outer(dh, x)
        c -= eta * dh
    if epoch % 100 == 0:
        print("epoch", epoch, "error", total)

for x, t in samples:
    print(x, t, U.dot(np.tanh(V.dot(np.array(x)) + c)) + d[0])
