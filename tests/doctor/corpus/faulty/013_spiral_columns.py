import numpy as np
import matplotlib.pyplot as plt

points = 100
theta = np.linspace(0.3, 2.2 * np.pi, points)
arm = np.vstack([theta * np.cos(theta), theta * np.sin(theta)]) / 7
X = np.hstack([arm, -arm]) + np.random.randn(2, 2 * points) * 0.02
Y = np.hstack([np.zeros((1, points)), np.ones((1, points))])
M = X.shape[1]

H = 16
W1 = np.random.randn(H, 2)
b1 = np.zeros((H, 1))
W2 = np.random.randn(H, H) / np.sqrt(H)
b2 = np.zeros((H, 1))
W3 = np.random.randn(1, H) / np.sqrt(H)
b3 = np.zeros((1, 1))

history = []
for epoch in range(4000):
    A1 = np.tanh(np.dot(W1, X) + b1)
    A2 = np.tanh(np.dot(W2, A1) + b2)
    A3 = 1 / (1 + np.exp(-(np.dot(W3, A2) + b3)))
    loss = -np.sum(Y * np.log(A3 + 1e-9) + (1 - Y) * np.log(1 - A3 + 1e-9)) / M

    dZ3 = (A3 - Y) / M
    dW3 = np.dot(dZ3, A2.T)
    dZ2 = np.dot(W3.T, dZ3) * (1 - A2 * A2)
    dW2 = np.dot(dZ2, A1.T)
    dZ1 = np.dot(W2, dZ2) * (1 - A1 * A1)
    dW1 = np.dot(dZ1, X.T)

    W3 -= 0.5 * dW3
    b3 -= 0.5 * dZ3.sum(axis=1, keepdims=True)
    W2 -= 0.5 * dW2
    b2 -= 0.5 * dZ2.sum(axis=1, keepdims=True)
    W1 -= 0.5 * dW1
    b1 -= 0.5 * dZ1.sum(axis=1, keepdims=True)
    history.append(loss)

print("loss first/last:", history[0], history[-1])
plt.plot(history)
plt.xlabel("epoch")
plt.show()
