import math
import random

table = [(0, 0, 0), (0, 1, 1), (1, 0, 1), (1, 1, 0)]
w = [random.uniform(-1, 1) for _ in range(3)]
rate = 0.5


def out(x1, x2):
    return 1 / (1 + math.exp(-(w[0] * x1 + w[1] * x2 + w[2])))


for epoch in range(20000):
    error = 0
    for x1, x2, t in table:
        y = out(x1, x2)
        error += 0.5 * (y - t) ** 2
        delta = (y - t) * y * (1 - y)
        w[0] -= rate * delta * x1
        w[1] -= rate * delta * x2
        w[2] -= rate * delta
    if epoch % 2000 == 0:
        print("epoch", epoch, "error", error)

for x1, x2, t in table:
    print(x1, x2, "->", out(x1, x2), "wanted", t)
