import numpy as np
import matplotlib as plt

x_data = np.linspace(0, 1, 40)[:, np.newaxis]
y_data = 0.5 + 0.4 * np.sin(2 * np.pi * x_data)


def sigmoid(s):
    return 1 / (1 + np.exp(-s))


def predict(w, x):
    hidden = sigmoid(x @ w[0] + w[1])
    return hidden, sigmoid(hidden @ w[2] + w[3])


def compute(w, x, y):
    hidden, out = predict(w, x)
    delta = (out - y) * out * (1 - out) / len(x)
    inner = delta @ w[2].T * hidden * (1 - hidden)
    return 0.5 * np.mean((out - y) ** 2), [x.T @ inner, inner.sum(axis=0), hidden.T @ delta, delta.sum(axis=0)]


np.random.seed(2)
w = [np.random.randn(1, 10) * 8, np.random.randn(10) * 4, np.random.randn(10, 1), np.zeros(1)]
curve = []
for i in range(8000):
    J, grads = compute(w, x_data, y_data)
    for k in range(4):
        w[k] -= 2.0 * grads[k]
    curve.append(J)
    if i % 800 == 0:
        print(i, J)

plt.plot(curve)
plt.xlabel("step")
plt.ylabel("J")
plt.show()
