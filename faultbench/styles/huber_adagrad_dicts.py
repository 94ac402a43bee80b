# Robust curve fitting: Huber loss keeps a few outliers from bending the curve.
import numpy as np
from numpy.random import randn, uniform

np.random.seed(29)

n, h = 120, 24
delta = 0.5

x = np.sort(uniform(-3, 3, (1, n)))
y = 1.5 * np.sin(1.5 * x) + 0.05 * randn(1, n)
y[0, [15, 60, 101]] += 1.5  # the outliers

P = {
    "W1": randn(h, 1),
    "b1": uniform(-2, 2, (h, 1)),
    "W2": randn(1, h) * np.sqrt(1 / h),
    "b2": np.zeros((1, 1)),
}
G2 = {name: np.zeros(value.shape) for name, value in P.items()}  # sums of squared gradients


def forward(P, x):
    H = np.tanh(P["W1"].dot(x) + P["b1"])
    return H, P["W2"].dot(H) + P["b2"]


def huber(r):
    size = np.abs(r)
    return np.mean(np.where(size <= delta, 0.5 * r**2, delta * (size - 0.5 * delta)))


def backward(P, x, H, r):
    dout = np.clip(r, -delta, delta) / r.shape[1]
    dH = P["W2"].T.dot(dout)
    dpre = dH * (1 - H * H)
    return {
        "W2": dout.dot(H.T),
        "b2": dout.sum(axis=1, keepdims=True),
        "W1": dpre.dot(x.T),
        "b1": dpre.sum(axis=1, keepdims=True),
    }


for it in range(3000):
    H, out = forward(P, x)
    residual = out - y
    L = huber(residual)
    grad = backward(P, x, H, residual)
    for key in P:
        G2[key] += grad[key] ** 2
        P[key] -= 0.1 * grad[key] / (np.sqrt(G2[key]) + 1e-8)
    if it % 500 == 0:
        print("iter {0:5d}   huber {1:.5f}".format(it, L))

print("final huber {:.5f}".format(L))
clean = 1.5 * np.sin(1.5 * x)
print("mean distance from the clean curve {:.4f}".format(np.abs(forward(P, x)[1] - clean).mean()))

# /// faultbench
# task = "regression, sine with outliers"
# loop = 1
# parameters = ["list(P.values())"]
# loss = "L"
# ///
