import numpy as np

np.random.seed(6)

# is the point inside the triangle-ish region?  one random sample per step
def sample():
    x = np.random.uniform(-1, 1, 2)
    return x, 1.0 if (x[1] > 2 * abs(x[0]) - 0.8 and x[1] < 0.6) else 0.0

H = 20
W = np.random.randn(H, 2) * 2
c = np.random.randn(H)
v = np.random.randn(H) / np.sqrt(H)
v0 = 0.0
lr = 0.1
smooth = 0.69

step = 0
while step < 40000:
    x, t = sample()
    h = np.tanh(W.dot(x) + c)
    o = 1.0 / (1.0 + np.exp(-(v.dot(h) + v0)))
    loss = -np.log(o) if t == 1.0 else -np.log(1.0 - o)
    smooth = 0.999 * smooth + 0.001 * loss

    d = o - t
    dh = d * v * (1 - h * h)
    v -= lr * d * h
    v0 -= lr * d
    W -= lr * np.outer(dh, x)
    c -= lr * dh

    step += 1
    if step % 5000 == 0:
        print("%6d samples seen, smoothed loss %.4f" % (step, smooth))

hits = 0
for _ in range(1000):
    x, t = sample()
    o = 1.0 / (1.0 + np.exp(-(v.dot(np.tanh(W.dot(x) + c)) + v0)))
    hits += (o > 0.5) == (t == 1.0)
print("accuracy on fresh samples:", hits / 1000)
