"""A tiny computational graph, enough for a 2-layer net on two spirals."""

import numpy as np

np.random.seed(21)


class Leaf:
    """Holds an array: the data or something to be learnt."""

    def __init__(self, value):
        self.value = value


class Multiply:
    def __init__(self, left, right):
        self.left, self.right = left, right

    def forward(self):
        self.value = self.left.value @ self.right.value

    def backward(self):
        self.right.grad = self.left.value.T @ self.grad
        self.left.grad = self.grad @ self.right.value.T


class Add:
    """rows + one bias row"""

    def __init__(self, rows, bias):
        self.rows, self.bias = rows, bias

    def forward(self):
        self.value = self.rows.value + self.bias.value

    def backward(self):
        self.rows.grad = self.grad
        self.bias.grad = self.grad.sum(axis=0)


class Sigmoid:
    def __init__(self, source):
        self.source = source

    def forward(self):
        self.value = 1.0 / (1.0 + np.exp(-self.source.value))

    def backward(self):
        self.source.grad = self.grad * self.value * (1.0 - self.value)


class CrossEntropy:
    def __init__(self, source, target):
        self.source, self.target = source, target

    def forward(self):
        p, t = self.source.value, self.target
        self.value = np.mean(-t * np.log(p) - (1 - t) * np.log(1 - p))

    def backward(self):
        p, t = self.source.value, self.target
        self.source.grad = (p - t) / (p * (1 - p)) / len(t)


# two arms, the second is the first turned by half a circle
r = np.linspace(0.15, 1.0, 60)
arm = np.column_stack([r * np.cos(4.5 * r), r * np.sin(4.5 * r)])
data = np.concatenate([arm, -arm]) * 2 + np.random.normal(0, 0.02, (120, 2))
target = np.concatenate([np.zeros((60, 1)), np.ones((60, 1))])

W1, b1 = Leaf(np.random.randn(2, 24) * 2), Leaf(np.random.randn(24))
W2, b2 = Leaf(np.random.randn(24, 1) * 0.5), Leaf(np.zeros(1))
params = [W1, b1, W2, b2]

mul1 = Multiply(Leaf(data), W1)
add1 = Add(mul1, b1)
hidden = Sigmoid(add1)
mul2 = Multiply(hidden, W2)
add2 = Add(mul2, b2)
output = Sigmoid(add2)
graph = [mul1, add1, hidden, mul2, add2, output, CrossEntropy(output, target)]

for epoch in range(4000):
    for node in graph:
        node.forward()
    loss = graph[-1].value
    for node in reversed(graph):
        node.backward()
    for p in params:
        p.value -= 2.0 * p.grad
    if epoch % 800 == 0:
        print(f"{epoch:5d} {loss:.4f}")

print("last loss", loss, "accuracy", np.mean((output.value > 0.5) == target))

# /// faultbench
# task = "spirals"
# loop = 1
# parameters = ["[p.value for p in params]"]
# loss = "loss"
# ///
