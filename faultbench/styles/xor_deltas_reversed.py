# XOR with a list of weight matrices, any number of layers.
import numpy as np
from numpy import matmul

np.random.seed(1)

layers = [2, 5, 1]
learning_rate = 0.8

inputs = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
answers = np.array([[0.0], [1.0], [1.0], [0.0]])

weights = []
biases = []
for n_in, n_out in zip(layers[:-1], layers[1:]):
    weights.append(4 * np.random.random((n_in, n_out)) - 2)
    biases.append(2 * np.random.random((1, n_out)) - 1)


def sigmoid(s):
    return 1.0 / (1.0 + np.exp(-s))


def sigmoid_slope(a):
    # a is already the sigmoid of something
    return a * (1.0 - a)


def feed_forward(x):
    activations = [x]
    for w, b in zip(weights, biases):
        activations.append(sigmoid(matmul(activations[-1], w) + b))
    return activations


for cycle in range(4000):
    activations = feed_forward(inputs)

    error = activations[-1] - answers
    loss = 0.5 * np.sum(error**2)

    # from the last layer to the first ...
    deltas = [error * sigmoid_slope(activations[-1])]
    for i in range(len(weights) - 1, 0, -1):
        deltas.append(matmul(deltas[-1], weights[i].T) * sigmoid_slope(activations[i]))
    # ... and now in the order of the weights
    deltas.reverse()

    for i in range(len(weights)):
        weights[i] -= learning_rate * matmul(activations[i].T, deltas[i])
        biases[i] -= learning_rate * deltas[i].sum(axis=0, keepdims=True)

    if cycle % 800 == 0:
        print("cycle:", cycle, "error:", loss)

print("error after training:", loss)
print(np.round(feed_forward(inputs)[-1], 3))

# /// faultbench
# task = "xor"
# loop = 3
# parameters = ["weights", "biases"]
# loss = "loss"
# ///
