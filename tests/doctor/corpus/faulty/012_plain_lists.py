import math
import random


def sigmoid(x):
    return 1 / (1 + math.exp(-x))


data = [([0, 0, 1], 0), ([0, 1, 1], 1), ([1, 0, 1], 1), ([1, 1, 1], 0), ([0, 0, 0], 0), ([0, 1, 0], 1), ([1, 0, 0], 1), ([1, 1, 0], 0)]
n_in = 3
n_hidden = 3

w_hidden = [[random.uniform(-2, 2) for _ in range(n_in)] for _ in range(n_hidden)]
b_hidden = [random.uniform(-1, 1) for _ in range(n_hidden)]
w_out = [random.uniform(-2, 2) for _ in range(n_hidden)]
b_out = [0.0]
rate = 1.0

for epoch in range(4000):
    error = 0
    for x, target in data:
        hidden = []
        for j in range(n_hidden):
            s = b_hidden[j]
            for i in range(n_in):
                s += w_hidden[j][i] * x[i]
            hidden.append(sigmoid(s))
        s = b_out[0]
        for j in range(n_hidden):
            s += w_out[j] * hidden[j]
        out = sigmoid(s)
        error += 0.5 * (out - target) ** 2

        delta_out = (out - target) * out * (1 - out)
        delta_hidden = [delta_out * w_out[j] * hidden[j] * (1 - hidden[j]) for j in range(n_hidden)]
        for j in range(n_hidden):
            w_out[j] -= rate * delta_out * x[j]
            b_hidden[j] -= rate * delta_hidden[j]
            for i in range(n_in):
                w_hidden[j][i] -= rate * delta_hidden[j] * x[i]
        b_out[0] -= rate * delta_out
