"""Two moons with a small object-oriented network (leaky ReLU, squared error)."""

import numpy as np

np.random.seed(17)


def make_moons(n, noise):
    t = np.pi * np.random.rand(n)
    upper = np.column_stack([np.cos(t), np.sin(t)])
    lower = np.column_stack([1 - np.cos(t), 0.4 - np.sin(t)])
    X = np.concatenate([upper, lower]) + noise * np.random.randn(2 * n, 2)
    y = np.concatenate([np.zeros(n), np.ones(n)]).reshape(-1, 1)
    return X, y


class Layer:
    def __init__(self, n_in, n_out, slope):
        self.W = np.random.randn(n_in, n_out) * np.sqrt(2.0 / n_in)
        self.b = np.zeros(n_out)
        self.slope = slope  # slope of the negative side; 1 makes the layer linear

    def forward(self, x):
        self.x = x
        self.z = x @ self.W + self.b
        return np.where(self.z > 0, self.z, self.slope * self.z)

    def backward(self, grad_out):
        grad_z = grad_out * np.where(self.z > 0, 1.0, self.slope)
        self.grad_W = self.x.T @ grad_z
        self.grad_b = grad_z.sum(axis=0)
        return grad_z @ self.W.T

    def update(self, lr):
        self.W -= lr * self.grad_W
        self.b -= lr * self.grad_b


class Network:
    def __init__(self, *layers):
        self.layers = layers

    def forward(self, x):
        for layer in self.layers:
            x = layer.forward(x)
        return x

    def backward(self, grad):
        for layer in reversed(self.layers):
            grad = layer.backward(grad)

    def update(self, lr):
        for layer in self.layers:
            layer.update(lr)


X, y = make_moons(80, noise=0.08)
net = Network(Layer(2, 20, slope=0.1), Layer(20, 12, slope=0.1), Layer(12, 1, slope=1.0))

for epoch in range(1, 1501):
    out = net.forward(X)
    loss = np.mean((out - y) ** 2)
    net.backward(2 * (out - y) / len(X))
    net.update(lr=0.05)
    if epoch == 1 or epoch % 300 == 0:
        print(f"epoch {epoch:>5}: mse = {loss:.4f}")

correct = (net.forward(X) > 0.5) == (y > 0.5)
print(f"{correct.sum()} of {len(X)} points on the right side")

# /// faultbench
# task = "moons"
# loop = 4
# parameters = ["[layer.W for layer in net.layers]", "[layer.b for layer in net.layers]"]
# loss = "loss"
# ///
