import math
import random
import numpy as np

random.seed(8)

# inside the small ring: +1, on the big ring: -1
points, targets = [], []
for i in range(80):
    angle = random.uniform(0, 2 * math.pi)
    radius = random.gauss(0.5, 0.08) if i % 2 else random.gauss(1.4, 0.1)
    points.append(np.array([radius * math.cos(angle), radius * math.sin(angle)]))
    targets.append(1.0 if i % 2 else -1.0)


def random_matrix(rows, cols, spread):
    return np.array([[random.uniform(-spread, spread) for _ in range(cols)] for _ in range(rows)])


hid = 12
Wh = random_matrix(hid, 2, 1.0)
bh = np.zeros(hid)
Wo = random_matrix(1, hid, 0.6)
bo = np.zeros(1)
eta = 0.05

pairs = list(zip(points, targets))
for epoch in range(60):
    random.shuffle(pairs)
    total = 0.0
    for x, t in pairs:
        a = np.tanh(np.dot(Wh, x) + bh)
        o = np.tanh(np.dot(Wo, a) + bo)
        e = o - t
        total += 0.5 * np.dot(e, e)
        # back through the output neuron, then through the hidden ones
        do = e * (1 - o**2)
        da = np.dot(Wo.T, do) * (1 - a**2)
        Wo -= eta * np.outer(do, a)
        bo -= eta * do
        Wh -= eta * np.outer(da, x)
        bh -= eta * da
    loss = total / len(pairs)
    if epoch % 10 == 9 or epoch == 0:
        print("epoch", epoch + 1, "mean error", "%.5f" % loss)

right = 0
for x, t in pairs:
    o = np.tanh(np.dot(Wo, np.tanh(np.dot(Wh, x) + bh)) + bo)
    if (o[0] > 0) == (t > 0):
        right += 1
print(right, "of", len(pairs), "points on the right side")

# /// faultbench
# task = "circles"
# loop = 3
# parameters = ["Wh", "bh", "Wo", "bo"]
# loss = "loss"
# ///
