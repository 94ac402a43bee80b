import math
import random

table = [(0, 0, 0), (0, 1, 1), (1, 0, 1), (1, 1, 0)]
H = 4
w = [random.uniform(-1, 1) for _ in range(H + 1)]
v = [[random.uniform(-2, 2) for _ in range(3)] for _ in range(H)]
rate = 0.5


def out(x1, x2):
    h = [1 / (1 + math.exp(-(v[j][0] * x1 + v[j][1] * x2 + v[j][2]))) for j in range(H)]
    return h, 1 / (1 + math.exp(-(sum(w[j] * h[j] for j in range(H)) + w[H])))


for epoch in range(20000):
    error = 0
    for x1, x2, t in table:
        h, y = out(x1, x2)
        error += 0.5 * (y - t) ** 2
        delta = (y - t) * y * (1 - y)
        for j in range(H):
            dj = delta * w[j] * h[j] * (1 - h[j])
            w[j] -= rate * delta * h[j]
            v[j][0] -= rate * dj * x1
            v[j][1] -= rate * dj * x2
            v[j][2] -= rate * dj
        w[H] -= rate * delta
    if epoch % 2000 == 0:
        print("epoch", epoch, "error", error)

for x1, x2, t in table:
    print(x1, x2, "->", out(x1, x2), "wanted", t)
