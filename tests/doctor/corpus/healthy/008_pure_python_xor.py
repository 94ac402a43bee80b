import math
import random

HIDDEN = 6
RATE = 0.3
EPOCHS = 3000

samples = [([0.0, 0.0], 0.0), ([0.0, 1.0], 1.0), ([1.0, 0.0], 1.0), ([1.0, 1.0], 0.0)]

# w_hidden[j] = weights of hidden neuron j, last one is its bias
w_hidden = [[random.uniform(-1.5, 1.5) for _ in range(3)] for _ in range(HIDDEN)]
w_out = [random.uniform(-1.5, 1.5) for _ in range(HIDDEN + 1)]


def sigmoid(t):
    return 1.0 / (1.0 + math.exp(-t))


def forward(x):
    h = []
    for j in range(HIDDEN):
        s = w_hidden[j][2]
        for i in range(2):
            s += w_hidden[j][i] * x[i]
        h.append(math.tanh(s))
    s = w_out[HIDDEN]
    for j in range(HIDDEN):
        s += w_out[j] * h[j]
    return h, sigmoid(s)


for epoch in range(EPOCHS):
    total = 0.0
    random.shuffle(samples)
    for x, t in samples:
        h, o = forward(x)
        total += 0.5 * (o - t) ** 2

        delta_o = (o - t) * o * (1.0 - o)
        delta_h = [delta_o * w_out[j] * (1.0 - h[j] ** 2) for j in range(HIDDEN)]

        for j in range(HIDDEN):
            w_out[j] -= RATE * delta_o * h[j]
        w_out[HIDDEN] -= RATE * delta_o
        for j in range(HIDDEN):
            for i in range(2):
                w_hidden[j][i] -= RATE * delta_h[j] * x[i]
            w_hidden[j][2] -= RATE * delta_h[j]
    if epoch % 500 == 0:
        print(epoch, total)

for x, t in sorted(samples):
    print(x, t, round(forward(x)[1], 3))
