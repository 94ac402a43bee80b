import numpy as np


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def model_forward(X, W1, b1, W2, b2):
    A1 = np.tanh(W1 @ X + b1)
    return A1, sigmoid(W2 @ A1 + b2)


def cost(A, Y):
    return np.mean(-Y * np.log(A + 1e-12) - (1 - Y) * np.log(1 - A + 1e-12))


def model_backward(X, Y, A1, A2, W2):
    m = X.shape[1]
    dZ2 = (A2 - Y) / m
    dZ1 = W2.T @ dZ2 * (1 - A1 ** 2)
    return dZ1 @ X.T, dZ1.sum(1, keepdims=True), dZ2 @ A1.T, dZ2.sum(1, keepdims=True)


np.random.seed(30)
m = 160
X = np.random.uniform(-2, 2, (2, m))
Y = (np.sin(2 * X[0]) > X[1]).astype(float).reshape(1, m)

W1 = np.random.randn(14, 2)
b1 = np.random.randn(14, 1)
W2 = np.random.randn(1, 14) * 0.2
b2 = np.zeros((1, 1))

for i in range(3000):
    A1, A2 = model_forward(X, W1, b1, W2, b2)
    J = cost(A2, Y)
    dW1, db1, dW2, db2 = model_backward(X, Y, A1, A2, W2)
    W1 -= 0.5 * dW1
    b1 -= 0.5 * db1
    W2 -= 0.5 * dW2
    b2 -= 0.5 * db2
    if i % 300 == 0:
        print("i =", i, " J =", J)
print("outputs", A2[0, :8].round(3), "labels", Y[0, :8])
