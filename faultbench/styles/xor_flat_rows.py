# XOR with a small 2-5-1 network, only numpy.
# One row per sample, sigmoid everywhere, plain gradient descent.
import numpy as np

np.random.seed(1)


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


X = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
y = np.array([[0], [1], [1], [0]])

W1 = np.random.randn(2, 5) * 2
b1 = np.random.randn(1, 5)
W2 = np.random.randn(5, 1) * 2
b2 = np.zeros((1, 1))

lr = 1.0

for step in range(4001):
    # forward
    hidden = sigmoid(X @ W1 + b1)
    output = sigmoid(hidden @ W2 + b2)

    error = output - y
    loss = 0.5 * np.sum(error**2)

    # backward, sigmoid'(z) = s * (1 - s)
    d_output = error * output * (1 - output)
    d_hidden = (d_output @ W2.T) * hidden * (1 - hidden)

    W2 -= lr * (hidden.T @ d_output)
    b2 -= lr * d_output.sum(axis=0, keepdims=True)
    W1 -= lr * (X.T @ d_hidden)
    b1 -= lr * d_hidden.sum(axis=0, keepdims=True)

    if step % 500 == 0:
        print("step", step, "loss", loss)

print("predictions after training:")
print(output.round(3))

# /// faultbench
# task = "xor"
# loop = 1
# parameters = ["W1", "b1", "W2", "b2"]
# loss = "loss"
# ///
