import numpy as np

rng = np.random.default_rng(1)


class Dense:
    def __init__(self, n_in, n_out):
        self.w = rng.normal(0, 1 / np.sqrt(n_in), (n_in, n_out))
        self.b = np.zeros(n_out)

    def forward(self, x):
        self.x = x
        return x @ self.w + self.b

    def backward(self, grad, lr):
        dx = grad @ self.w.T
        self.w -= lr * self.x.T @ grad
        self.b -= lr * grad.sum(axis=0)
        return dx


class Tanh:
    def forward(self, x):
        self.out = np.tanh(x)
        return self.out

    def backward(self, grad, lr):
        return grad * (1 - self.out ** 2)


x = np.linspace(-np.pi, np.pi, 80)[:, None]
y = np.sin(2 * x)

net = [Dense(1, 16), Tanh(), Dense(16, 16), Tanh(), Dense(16, 1)]

for epoch in range(8000):
    out = x
    for layer in net:
        out = layer.forward(out)
    loss = np.mean((out - y) ** 2)
    grad = 2 * (out - y) / len(x)
    for layer in reversed(net):
        grad = layer.backward(grad, 0.15)
    if epoch % 800 == 0:
        print(epoch, loss)

print("final", loss)
