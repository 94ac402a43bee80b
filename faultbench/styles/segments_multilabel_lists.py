# Seven segment display -> three yes/no questions about the digit:
#     is it even?   is it prime?   is it greater than four?
# No numpy on this machine, so everything is lists.
import random
from math import exp, log

random.seed(6)

#            a  b  c  d  e  f  g
SEGMENTS = [(1, 1, 1, 1, 1, 1, 0),
            (0, 1, 1, 0, 0, 0, 0),
            (1, 1, 0, 1, 1, 0, 1),
            (1, 1, 1, 1, 0, 0, 1),
            (0, 1, 1, 0, 0, 1, 1),
            (1, 0, 1, 1, 0, 1, 1),
            (1, 0, 1, 1, 1, 1, 1),
            (1, 1, 1, 0, 0, 0, 0),
            (1, 1, 1, 1, 1, 1, 1),
            (1, 1, 1, 1, 0, 1, 1)]
ANSWERS = [(d % 2 == 0, d in (2, 3, 5, 7), d > 4) for d in range(10)]

inputs, hidden, outputs = 7, 8, 3
learning_rate = 0.15
momentum = 0.8

# the last weight of each unit is for a constant 1
w1 = [[random.gauss(0, 0.7) for i in range(inputs + 1)] for j in range(hidden)]
w2 = [[random.gauss(0, 0.7) for j in range(hidden + 1)] for k in range(outputs)]
v1 = [[0.0] * (inputs + 1) for j in range(hidden)]
v2 = [[0.0] * (hidden + 1) for k in range(outputs)]


def logistic(s):
    if s < -60:
        return 0.0
    return 1 / (1 + exp(-s))


def answer(x):
    h = [logistic(sum(w * v for w, v in zip(row, x))) for row in w1] + [1.0]
    return h, [logistic(sum(w * v for w, v in zip(row, h))) for row in w2]


order = list(range(10))
for sweep in range(200):
    random.shuffle(order)
    surprise = 0.0
    for d in order:
        x = list(SEGMENTS[d]) + [1.0]
        t = ANSWERS[d]
        h, y = answer(x)
        for k in range(outputs):
            surprise -= log(y[k] + 1e-12) if t[k] else log(1 - y[k] + 1e-12)

        delta_out = [y[k] - t[k] for k in range(outputs)]
        delta_hid = []
        for j in range(hidden):
            back = 0.0
            for k in range(outputs):
                back += delta_out[k] * w2[k][j]
            delta_hid.append(back * h[j] * (1 - h[j]))

        for k in range(outputs):
            for j in range(hidden + 1):
                v2[k][j] = momentum * v2[k][j] - learning_rate * delta_out[k] * h[j]
                w2[k][j] += v2[k][j]
        for j in range(hidden):
            for i in range(inputs + 1):
                v1[j][i] = momentum * v1[j][i] - learning_rate * delta_hid[j] * x[i]
                w1[j][i] += v1[j][i]

    bits = surprise / 10
    if sweep % 25 == 0:
        print("%4d  %.4f" % (sweep, bits))

print("digit  even  prime  >4")
for d in range(10):
    y = answer(list(SEGMENTS[d]) + [1.0])[1]
    print("%5d  %.2f  %.2f   %.2f" % (d, y[0], y[1], y[2]))

# /// faultbench
# task = "multi-label, seven segments"
# loop = 2
# parameters = ["w1", "w2"]
# loss = "bits"
# ///
