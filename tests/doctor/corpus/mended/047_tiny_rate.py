import numpy as np

sigma = lambda z: 1 / (1 + np.exp(-z))

X = np.array([[0.0, 0], [0, 1], [1, 0], [1, 1]])
D = np.array([[0.0, 0], [1, 0], [1, 0], [0, 1]])  # xor, and


def train(X, D, hidden, iterations, lr):
    w1 = np.random.uniform(-3, 3, (hidden, 2))
    b1 = np.random.uniform(-1, 1, hidden)
    w2 = np.random.uniform(-1, 1, (2, hidden))
    b2 = np.zeros(2)
    for it in range(iterations):
        cost = 0
        for x, d in zip(X, D):
            h = sigma(w1 @ x + b1)
            o = sigma(w2 @ h + b2)
            cost += 0.5 * np.sum((o - d) ** 2)
            do = (o - d) * o * (1 - o)
            dh = (w2.T @ do) * h * (1 - h)
            w2 -= lr * np.outer(do, h)
            b2 -= lr * do
            w1 -= lr * np.outer(dh, x)
            b1 -= lr * dh
        if it % 300 == 0:
            print("iteration", it, "cost", cost)
    return lambda X: sigma(sigma(X @ w1.T + b1) @ w2.T + b2)


net = train(X, D, hidden=6, iterations=3000, lr=1.0)
print(np.round(net(X), 3))
