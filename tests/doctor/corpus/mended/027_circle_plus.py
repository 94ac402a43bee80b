import numpy as np


def nonlin(x, deriv=False):
    if deriv:
        return x * (1 - x)
    return 1 / (1 + np.exp(-x))


X = np.random.uniform(-1, 1, (120, 2))
y = (X[:, 0] ** 2 + X[:, 1] ** 2 < 0.5).astype(float).reshape(120, 1)

syn0 = 4 * np.random.random((2, 8)) - 2
bias0 = np.zeros((1, 8))
syn1 = 2 * np.random.random((8, 1)) - 1
bias1 = np.zeros((1, 1))

for iteration in range(4000):
    l1 = nonlin(X.dot(syn0) + bias0)
    l2 = nonlin(l1.dot(syn1) + bias1)
    l2_error = y - l2
    loss = np.mean(l2_error ** 2)
    if iteration % 400 == 0:
        print("Error:", loss)

    l2_delta = l2_error * nonlin(l2, deriv=True)
    l1_error = l2_delta.dot(syn1.T)
    l1_delta = l1_error * nonlin(l1, deriv=True)

    syn1 += 0.05 * l1.T.dot(l2_delta)
    bias1 += 0.05 * l2_delta.sum(axis=0)
    syn0 += 0.05 * X.T.dot(l1_delta)
    bias0 += 0.05 * l1_delta.sum(axis=0)
