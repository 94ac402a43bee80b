import numpy as np


def act(z):
    return 1 / (1 + np.exp(-z))


def cost(out, target):
    return 0.5 * np.sum((out - target) ** 2)


def mlp(X, T, n_hidden, lr, n_iter):
    w1 = np.random.randn(n_hidden, X.shape[1])
    b1 = np.random.randn(n_hidden)
    w2 = np.random.randn(T.shape[1], n_hidden)
    b2 = np.random.randn(T.shape[1])
    for n in range(n_iter):
        total = 0
        for x_i, t_i in zip(X, T):
            h = act(w1 @ x_i + b1)
            o = act(w2 @ h + b2)
            c = cost(o, t_i)
            total += c
            # backprop
            grad_o = c * o * (1 - o)
            grad_h = (w2.T @ grad_o) * h * (1 - h)
            w2 -= lr * np.outer(grad_o, h)
            b2 -= lr * grad_o
            w1 -= lr * np.outer(grad_h, x_i)
            b1 -= lr * grad_h
        if n % 500 == 0:
            print("iteration", n, "cost", total)
    return w1, b1, w2, b2


X = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
T = np.array([[0], [1], [1], [0]])
w1, b1, w2, b2 = mlp(X, T, 5, 0.8, 4000)
for x_i, t_i in zip(X, T):
    print(x_i, t_i, act(w2 @ act(w1 @ x_i + b1) + b2))
