import numpy as np

X = np.array([[0, 0, 1], [0, 1, 1], [1, 0, 1], [1, 1, 1]])
Y = np.array([0, 1, 1, 0])


def relu(s):
    return np.maximum(s, 0)


W = np.random.uniform(0, 0.5, (12, 3))
c = np.random.uniform(-0.25, 0.25, 12)
v = np.random.uniform(-0.5, 0.5, 12)
d = np.zeros(1)
alpha = 0.1

for epoch in range(1500):
    total = 0
    for n in range(len(X)):
        s = W @ X[n] + c
        a = relu(s)
        out = v @ a + d[0]
        total += 0.5 * (out - Y[n]) ** 2

        err = out - Y[n]
        back = err * v * (s > 0)
        v -= alpha * err * a
        d -= alpha * err
        W -= alpha * np.outer(back, X[n])
        c -= alpha * back
    if epoch % 150 == 0:
        print("epoch", epoch, "loss", total)

for n in range(len(X)):
    print(X[n], Y[n], v @ relu(W @ X[n] + c) + d[0])
