import numpy as np
from my_layers import Dense, Tanh

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
