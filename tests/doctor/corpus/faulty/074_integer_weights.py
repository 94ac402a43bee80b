import numpy as np

patterns = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
targets = np.array([0, 1, 1, 0])

# start values worked out by hand
w = np.array([[2, -1], [1, 3], [-2, 2]])
b = np.array([0, -1, 1])
v = np.array([1, -2, 1, 0])
rate = 0.5


def sig(x):
    return 1 / (1 + np.exp(-x))


for epoch in range(4000):
    sse = 0
    for p in range(4):
        h = sig(w @ patterns[p] + b)
        out = sig(v[:3] @ h + v[3])
        sse += 0.5 * (out - targets[p]) ** 2
        d = (out - targets[p]) * out * (1 - out)
        for j in range(3):
            dj = d * v[j] * h[j] * (1 - h[j])
            v[j] = v[j] - rate * d * h[j]
            b[j] = b[j] - rate * dj
            for i in range(2):
                w[j, i] = w[j, i] - rate * dj * patterns[p, i]
        v[3] = v[3] - rate * d
    if epoch % 400 == 0:
        print("epoch", epoch, "sum of squares", sse)

print("weights\n", w, b, v)
