import numpy as np

n = 90
X = np.matrix(np.random.uniform(-1.5, 1.5, (1, n)))
T = np.matrix(np.cos(2 * np.asarray(X)) * np.asarray(X))

A = np.matrix(np.random.randn(12, 1) * 0.5)
a = np.matrix(np.random.randn(12, 1) * 0.3)
B = np.matrix(np.random.randn(1, 12) * 0.3)
b = np.matrix(np.zeros((1, 1)))


def forward(X):
    H = np.tanh(A * X + a)
    return H, B * H + b


def backward(X, T, H, Z):
    D = 2 * (Z - T) / X.shape[1]
    E = np.multiply(B.T * D, 1 - np.power(H, 2))
    return E * X.T, E.sum(axis=1), D * H.T, D.sum(axis=1)


r = 0
while r < 3000:
    H, Z = forward(X)
    gA, ga, gB, gb = backward(X, T, H, Z)
    B -= 0.1 * gB
    b -= 0.1 * gb
    A -= 0.1 * gA
    a -= 0.1 * ga
    r += 1
