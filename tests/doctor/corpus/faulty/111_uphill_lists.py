import math
import random

random.seed(19)
cloud = [((random.gauss(1, 0.6), random.gauss(-1, 0.6)), 1) for _ in range(25)]
cloud += [((random.gauss(-1, 0.6), random.gauss(-1, 0.6)), 0) for _ in range(25)]
cloud += [((random.gauss(0, 0.6), random.gauss(1.2, 0.6)), 1) for _ in range(25)]

units = 4
hid = [[random.uniform(-1, 1) for _ in range(3)] for _ in range(units)]
out = [random.uniform(-1, 1) for _ in range(units + 1)]


def clamp(v):
    return max(-30.0, min(30.0, v))


epoch = 0
while True:
    random.shuffle(cloud)
    nll = 0.0
    for (x, y), t in cloud:
        h = [math.tanh(a * x + b * y + c) for a, b, c in hid]
        s = out[units] + sum(o * v for o, v in zip(out, h))
        p = 1 / (1 + math.exp(-clamp(s)))
        nll -= math.log(p if t else 1 - p)
        g = t - p
        for j in range(units):
            gj = g * out[j] * (1 - h[j] * h[j])
            out[j] -= 0.02 * g * h[j]
            for i, v in enumerate((x, y, 1)):
                hid[j][i] -= 0.02 * gj * v
        out[units] -= 0.02 * g
    if epoch % 20 == 0:
        print("epoch", epoch, "negative log likelihood", nll / len(cloud))
    epoch += 1
    if nll / len(cloud) < 0.05 or epoch == 200:
        break
