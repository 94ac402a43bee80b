import numpy as np


class Dense:
    def __init__(self, n_in, n_out):
        self.weights = np.random.randn(n_out, n_in)
        self.bias = np.random.randn(n_out, 1)

    def forward(self, x):
        self.x = x
        return self.weights @ x + self.bias

    def backward(self, grad, rate):
        back = self.weights.T @ grad
        self.weights -= rate * grad @ self.x.T
        self.bias -= rate * grad.sum(axis=1, keepdims=True)
        return back


class Tanh:
    def forward(self, x):
        self.y = np.tanh(x)
        return self.y

    def backward(self, grad, rate):
        return grad * (1 - self.y ** 2)


np.random.seed(40)

# xor with all four columns at once
X = np.array([[0, 0, 1, 1], [0, 1, 0, 1]])
Y = np.array([[0, 1, 1, 0]])

model = [Dense(2, 6), Tanh(), Dense(6, 1), Tanh()]

for epoch in range(4000):
    out = X
    for layer in model:
        out = layer.forward(out)
    grad = 2 * (out - Y) / Y.size
    for layer in reversed(model):
        grad = layer.backward(grad, 0.1)
    if epoch % 400 == 0:
        print("epoch", epoch, "error", np.mean((out - Y) ** 2))

print(out.round(3))
