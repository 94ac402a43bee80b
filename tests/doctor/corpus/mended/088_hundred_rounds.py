import numpy as np

sigmoid = lambda a: 1.0 / (1.0 + np.exp(-a))
XOR = np.array([[0, 0, 0], [0, 1, 1], [1, 0, 1], [1, 1, 0]], dtype=float)
X, y = XOR[:, :2], XOR[:, 2:]

theta = [np.random.randn(2, 5) * 1.5, np.random.randn(5), np.random.randn(5, 1), np.random.randn(1)]


def activations(theta):
    out = [X]
    for w, b in zip(theta[0::2], theta[1::2]):
        out.append(sigmoid(out[-1].dot(w) + b))
    return out


def loss(theta):
    return np.mean((activations(theta)[-1] - y) ** 2) / 2


def slope(theta):
    x, h, o = activations(theta)
    do = (o - y) * o * (1 - o) / len(X)
    dh = do.dot(theta[2].T) * h * (1 - h)
    return [x.T.dot(dh), dh.sum(axis=0), h.T.dot(do), do.sum(axis=0)]


before = loss(theta)
for _ in range(20000):
    for w, g in zip(theta, slope(theta)):
        w -= 1.0 * g

print("loss before training", before)
print("loss after training", loss(theta))
print("output", activations(theta)[-1].ravel())
