import numpy as np


def moons(n, noise):
    a = np.linspace(0, np.pi, n)
    X = np.concatenate([np.stack([np.cos(a), np.sin(a)], 1), np.stack([1 - np.cos(a), 0.5 - np.sin(a)], 1)])
    return X + np.random.normal(0, noise, X.shape), np.repeat([[-0.9], [0.9]], n, axis=0)


def loss_and_grads(theta, X, T):
    W, b, V, c = theta
    H = np.tanh(X @ W + b)
    O = np.tanh(H @ V + c)
    loss = np.mean((O - T) ** 2)
    dO = 2 * (O - T) * (1 - O ** 2) / len(X)
    dH = dO @ V.T * (1 - H ** 2)
    return loss, O, [X.T @ dH, dH.sum(0), H.T @ dO, dO.sum(0)]


X, T = moons(80, 0.08)
theta = [np.random.randn(2, 10), np.zeros(10), np.random.randn(10, 1) * 0.3, np.zeros(1)]
rate = 80

for epoch in range(3000):
    loss, O, grads = loss_and_grads(theta, X, T)
    for k in range(4):
        theta[k] = theta[k] - rate * grads[k]
    if epoch % 300 == 0:
        print("epoch", epoch, "loss", loss, "acc", np.mean(np.sign(O) == np.sign(T)))
