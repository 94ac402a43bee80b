import math
import random

n_hidden = 6
v = [[0.3, 0.3] for _ in range(n_hidden)]
vb = [0.1] * n_hidden
u = [0.2] * n_hidden
ub = [0.0]
eta = 0.05

# z = x * y on a coarse grid
grid = [-1, -0.5, 0, 0.5, 1]
data = [((a, b), a * b) for a in grid for b in grid]

for epoch in range(1001):
    random.shuffle(data)
    err = 0
    for (a, b), t in data:
        h = [math.tanh(v[j][0] * a + v[j][1] * b + vb[j]) for j in range(n_hidden)]
        y = sum(u[j] * h[j] for j in range(n_hidden)) + ub[0]
        err += (y - t) ** 2
        g = 2 * (y - t)
        for j in range(n_hidden):
            gj = g * u[j] * (1 - h[j] ** 2)
            u[j] -= eta * g * h[j]
            v[j][0] -= eta * gj * a
            v[j][1] -= eta * gj * b
            vb[j] -= eta * gj
        ub[0] -= eta * g
