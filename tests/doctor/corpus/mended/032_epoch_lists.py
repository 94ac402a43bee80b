import math
import random



def sig(v):
    if v < -60:
        return 0.0
    return 1 / (1 + math.exp(-v))


points = [(random.uniform(-1, 1), random.uniform(-1, 1)) for _ in range(60)]
labels = [1 if y > x * x - 0.3 else 0 for x, y in points]

H = 5
w1 = [[random.gauss(0, 1) for _ in range(2)] for _ in range(H)]
b1 = [0.0] * H
w2 = [random.gauss(0, 1) for _ in range(H)]
b2 = [0.0]

gw1 = [[0.0, 0.0] for _ in range(H)]
gb1 = [0.0] * H
gw2 = [0.0] * H
gb2 = [0.0]
lr = 5.0 / len(points)

for epoch in range(800):
    loss = 0.0
    gw1 = [[0.0, 0.0] for _ in range(H)]
    gb1 = [0.0] * H
    gw2 = [0.0] * H
    gb2 = [0.0]
    for (x, y), t in zip(points, labels):
        h = [sig(w1[j][0] * x + w1[j][1] * y + b1[j]) for j in range(H)]
        o = sig(sum(w2[j] * h[j] for j in range(H)) + b2[0])
        loss += (o - t) ** 2
        d = 2 * (o - t) * o * (1 - o)
        for j in range(H):
            dj = d * w2[j] * h[j] * (1 - h[j])
            gw2[j] += d * h[j]
            gw1[j][0] += dj * x
            gw1[j][1] += dj * y
            gb1[j] += dj
        gb2[0] += d
    for j in range(H):
        w2[j] -= lr * gw2[j]
        b1[j] -= lr * gb1[j]
        for i in range(2):
            w1[j][i] -= lr * gw1[j][i]
    b2[0] -= lr * gb2[0]
    if epoch % 50 == 0:
        print("epoch", epoch, "loss", loss / len(points))
