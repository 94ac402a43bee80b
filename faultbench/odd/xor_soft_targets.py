import random
from math import exp

random.seed(10)

# 0.1 and 0.9 can be reached by a sigmoid, 0 and 1 cannot
rows = [([0, 0], 0.1), ([0, 1], 0.9), ([1, 0], 0.9), ([1, 1], 0.1)]
HIDDEN = 5
LR = 0.8

# the last number of each hidden row is its bias
hid = [[random.uniform(-2, 2) for _ in range(3)] for _ in range(HIDDEN)]
out = [random.uniform(-2, 2) for _ in range(HIDDEN + 1)]


def sigmoid(s):
    return 1.0 / (1.0 + exp(-s))


def forward(x):
    h = [sigmoid(w[0] * x[0] + w[1] * x[1] + w[2]) for w in hid]
    s = out[HIDDEN]
    for j in range(HIDDEN):
        s += out[j] * h[j]
    return h, sigmoid(s)


for epoch in range(4000):
    # collect the gradient of all four rows, then take one step
    g_hid = [[0.0] * 3 for _ in range(HIDDEN)]
    g_out = [0.0] * (HIDDEN + 1)
    errors = []
    for x, t in rows:
        h, y = forward(x)
        errors.append(y - t)
        d = (y - t) * y * (1 - y)
        g_out[HIDDEN] += d
        for j in range(HIDDEN):
            g_out[j] += d * h[j]
            dj = d * out[j] * h[j] * (1 - h[j])
            g_hid[j][0] += dj * x[0]
            g_hid[j][1] += dj * x[1]
            g_hid[j][2] += dj
    for j in range(HIDDEN):
        for i in range(3):
            hid[j][i] -= LR * g_hid[j][i]
    for j in range(HIDDEN + 1):
        out[j] -= LR * g_out[j]
    loss = sum(e * e for e in errors) / 2
    if epoch % 1000 == 0:
        print("epoch %d, loss %.6f" % (epoch, loss))

print("final loss %.8f" % loss)
for x, t in rows:
    y = forward(x)[1]
    print(x, "target", t, "output %.3f" % y, "->", int(y > 0.5))

# /// faultbench
# task = "xor"
# loop = 2
# parameters = ["hid", "out"]
# loss = "loss"
# ///
