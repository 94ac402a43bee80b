import math
import random


def squash(s):
    return 1.0 / (1.0 + math.exp(-s))


def make_net(n_in, n_hidden):
    # the last weight of each row is the bias
    hidden = [[random.uniform(-3, 3) for _ in range(n_in + 1)]] * n_hidden
    output = [random.uniform(-1, 1) for _ in range(n_hidden + 1)]
    return [hidden, output]


def run(net, x):
    hidden, output = net
    h = [squash(sum(w * v for w, v in zip(row, x + [1]))) for row in hidden]
    return h, squash(sum(w * v for w, v in zip(output, h + [1])))


def learn(net, x, t, rate):
    hidden, output = net
    h, o = run(net, x)
    d = (o - t) * o * (1 - o)
    back = [d * output[j] * h[j] * (1 - h[j]) for j in range(len(h))]
    for j, v in enumerate(h + [1]):
        output[j] -= rate * d * v
    for j, row in enumerate(hidden):
        for i, v in enumerate(x + [1]):
            row[i] -= rate * back[j] * v
    return 0.5 * (o - t) ** 2


random.seed(23)
examples = [([a, b, c], (a + b + c) % 2) for a in (0, 1) for b in (0, 1) for c in (0, 1)]
net = make_net(3, 6)
for epoch in range(3001):
    total = 0
    for x, t in examples:
        total += learn(net, x, t, 1.0)
    if epoch % 300 == 0:
        print("epoch %5d   error %.5f" % (epoch, total))
