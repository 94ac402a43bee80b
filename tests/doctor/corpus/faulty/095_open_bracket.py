import numpy as np

np.random.seed(1)
m = 120
X = np.random.randn(3, m)
Y = (X[0] + X[1] * X[2] > 0).reshape(1, m) * 1.0

w1 = np.random.randn(10, 3) * 0.8
b1 = np.zeros((10, 1))
w2 = np.random.randn(1, 10) * 0.3
b2 = np.zeros((1, 1))


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


for epoch in range(3000):
    a1 = np.tanh(np.dot(w1, X) + b1)
    a2 = sigmoid(np.dot(w2, a1) + b2)
    J = -np.mean(Y * np.log(a2) + (1 - Y) * np.log(1 - a2)

    dz2 = (a2 - Y) / m
    dw2 = np.dot(dz2, a1.T)
    db2 = np.sum(dz2, axis=1, keepdims=True)
    dz1 = np.dot(w2.T, dz2) * (1 - a1 ** 2)
    dw1 = np.dot(dz1, X.T)
    db1 = np.sum(dz1, axis=1, keepdims=True)
    w1 -= 0.5 * dw1
    b1 -= 0.5 * db1
    w2 -= 0.5 * dw2
    b2 -= 0.5 * db2
    if epoch % 300 == 0:
        print("epoch", epoch, "J", J)
