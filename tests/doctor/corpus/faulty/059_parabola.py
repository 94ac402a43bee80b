import numpy as np
import matplotlib.pyplot as plt

np.random.seed(0)
x = np.linspace(-2, 2, 101).reshape(-1, 1)
y = x ** 2 - 1

hidden = 30
W1 = np.random.randn(1, hidden)
W2 = np.random.randn(hidden, 1) * 0.1
eta = 0.05

losses = []
for epoch in range(3000):
    H = np.tanh(x @ W1)
    Y = H @ W2
    loss = np.mean((Y - y) ** 2)
    losses.append(loss)
    dY = 2 * (Y - y) / len(x)
    dH = dY @ W2.T * (1 - H ** 2)
    W2 -= eta * H.T @ dY
    W1 -= eta * x.T @ dH
    if epoch % 300 == 0:
        print("epoch", epoch, "loss", loss)

plt.plot(x, y, label="target")
plt.plot(x, Y, label="network")
plt.legend()
plt.show()
