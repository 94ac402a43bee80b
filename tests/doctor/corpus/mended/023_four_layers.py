import numpy as np

# xor of signs in the plane
x = np.random.uniform(-1, 1, (200, 2))
y = np.where(x[:, :1] * x[:, 1:] > 0, 1.0, 0.0)

n = 10
w1 = np.random.randn(2, n) / np.sqrt(2)
w2 = np.random.randn(n, n) / np.sqrt(n)
w3 = np.random.randn(n, n) / np.sqrt(n)
w4 = np.random.randn(n, 1) / np.sqrt(n)
b1, b2, b3, b4 = np.zeros(n), np.zeros(n), np.zeros(n), np.zeros(1)
lr = 0.5

for step in range(2500):
    h1 = np.tanh(x @ w1 + b1)
    h2 = np.tanh(h1 @ w2 + b2)
    h3 = np.tanh(h2 @ w3 + b3)
    p = 1 / (1 + np.exp(-(h3 @ w4 + b4)))
    loss = -np.mean(y * np.log(p + 1e-9) + (1 - y) * np.log(1 - p + 1e-9))
    if step % 250 == 0:
        print(step, round(loss, 5))

    d4 = (p - y) / len(x)
    d3 = d4 @ w4.T * (1 - h3 ** 2)
    d2 = d3 @ w3.T * (1 - h2 ** 2)
    d1 = d2 @ w2.T * (1 - h1 ** 2)

    w4 -= lr * h3.T @ d4
    w3 -= lr * h2.T @ d3
    w2 -= lr * h1.T @ d2
    w1 -= lr * x.T @ d1
    b4 -= lr * d4.sum(axis=0)
    b3 -= lr * d3.sum(axis=0)
    b2 -= lr * d2.sum(axis=0)
    b1 -= lr * d1.sum(axis=0)
