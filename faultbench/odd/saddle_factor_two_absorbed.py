import numpy as np

np.random.seed(11)

# learn z = x * y from 100 points, one point per column
inp = np.random.uniform(-1, 1, (2, 100))
out = np.prod(inp, axis=0, keepdims=True)
N = inp.shape[1]


def init(nodes):
    return [
        np.random.randn(nodes, 2),
        np.random.randn(nodes, 1) * 0.5,
        np.random.randn(1, nodes) * 0.3,
        np.zeros((1, 1)),
    ]


def forward(theta):
    w1, b1, w2, b2 = theta
    a1 = np.tanh(np.matmul(w1, inp) + b1)
    return a1, np.matmul(w2, a1) + b2


def mse(pred):
    return np.sum((pred - out) ** 2) / N


def backprop(theta, a1, pred):
    # d/dp (p - t)^2 is 2 (p - t); the 2 went into the learning rate
    d2 = (pred - out) / N
    d1 = np.matmul(theta[2].T, d2) * (1 - np.square(a1))
    return (np.matmul(d1, inp.T), d1.sum(axis=1, keepdims=True), np.matmul(d2, a1.T), d2.sum(axis=1, keepdims=True))


theta = init(14)
learning_rate = 0.3
for i in range(1, 4001):
    a1, pred = forward(theta)
    loss = mse(pred)
    theta = [t - learning_rate * g for t, g in zip(theta, backprop(theta, a1, pred))]
    if i == 1 or i % 800 == 0:
        print("iter", i, "mse", loss)

print("largest error", np.abs(forward(theta)[1] - out).max())

# /// faultbench
# task = "regression"
# loop = 1
# parameters = ["theta"]
# loss = "loss"
# ///
