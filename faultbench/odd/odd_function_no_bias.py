"""sin(2x) is odd and so is every sum of tanh(w x): no biases are needed."""

import numpy as np

np.random.seed(6)

x = np.random.uniform(-2, 2, (1, 90))  # columns are samples
y = np.sin(2 * x) + np.random.normal(0, 0.03, (1, 90))

A = np.random.randn(20, 1) * 2
B = np.random.randn(1, 20) * 0.2
step_size = 0.05


def net(x):
    h = np.tanh(A.dot(x))
    return h, B.dot(h)


for k in range(4000):
    h, out = net(x)
    r = out - y
    mse = np.mean(r**2)
    dB = 2 * r.dot(h.T) / x.size
    dA = 2 * ((B.T.dot(r)) * (1 - h**2)).dot(x.T) / x.size
    A = A - step_size * dA
    B = B - step_size * dB
    if (k + 1) % 500 == 0:
        print("%d\t%g" % (k + 1, mse))

grid = np.array([[-1.5, -0.75, 0, 0.75, 1.5]])
print("x      ", grid[0])
print("sin(2x)", np.sin(2 * grid[0]).round(3))
print("net    ", net(grid)[1][0].round(3))

# /// faultbench
# task = "regression"
# loop = 1
# parameters = ["A", "B"]
# loss = "mse"
# ///
