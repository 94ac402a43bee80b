import numpy as np


def prepare(seed):
    np.random.seed(seed)
    k = np.arange(200)
    t = np.pi * (k % 100) / 100
    upper = (k < 100)
    X = np.where(upper, [np.cos(t), np.sin(t)], [1 - np.cos(t), 0.5 - np.sin(t)])
    return X + 0.12 * np.random.randn(2, 200), upper.reshape(1, -1).astype(float)


def train(X, Y, n_h, num_iterations, learning_rate):
    W1 = np.random.randn(n_h, 2)
    b1 = np.zeros((n_h, 1))
    W2 = np.random.randn(1, n_h) * 0.3
    b2 = np.zeros((1, 1))
    costs = []
    m = X.shape[1]
    for i in range(num_iterations):
        A1 = np.tanh(W1 @ X + b1)
        A2 = 1 / (1 + np.exp(-(W2 @ A1 + b2)))
        costs.append(-np.mean(Y * np.log(A2) + (1 - Y) * np.log(1 - A2)))
        dZ2 = A2 - Y
        dZ1 = W2.T @ dZ2 * (1 - A1 ** 2)
        W2 -= learning_rate * dZ2 @ A1.T / m
        b2 -= learning_rate * dZ2.sum(axis=1, keepdims=True) / m
        W1 -= learning_rate * dZ1 @ X.T / m
        b1 -= learning_rate * dZ1.sum(axis=1, keepdims=True) / m
    return (W1, b1, W2, b2), costs


X, Y = prepare(7)
params, costs = train(X, Y, n_h=10, num_iterations=4000, learning_rate=0.5)
print("cost before:", costs[0])
print("cost after:", costs[-1])
W1, b1, W2, b2 = params
pred = W2 @ np.tanh(W1 @ X + b1) + b2 > 0
print("train accuracy:", (pred == Y).mean())
