"""XOR, 2 inputs, 5 hidden units, 1 output. The printed loss does not go below 0.69, however long it runs.

Its author let it run for 1,000,000 iterations; here it is 10,000, and a seed makes every run the same.
"""

import matplotlib as plt
import numpy as np

np.random.seed(0)

samples = np.array([[0, 0, 1, 1], [0, 1, 0, 1]])  # a column for each sample
wanted = np.array([[0, 1, 1, 0]])
n_samples = 4
rate = 0.1


def squash(v):
    return 1 / (1 + np.exp(-v))


def squash_slope(v):
    return squash(v) * (1 - squash(v))


W_hidden = 0.01 * np.random.randn(5, 2)
c_hidden = np.zeros((5, 1))
W_out = 0.01 * np.random.randn(1, 5)
c_out = np.zeros((1, 1))

for iteration in range(10000):
    # forward
    v_hidden = W_hidden @ samples + c_hidden
    hidden = squash(v_hidden)
    answer = squash(W_out @ hidden + c_out)
    loss = -np.sum(wanted * np.log(answer) + (1 - wanted) * np.log(1 - answer)) / n_samples

    # backward
    d_out = answer - wanted
    d_hidden = (W_out.T @ d_out) * squash_slope(v_hidden)

    # update
    W_out = W_out - 0.03 * (d_out @ hidden.T) / n_samples
    c_out = c_out - 0.03 * np.sum(d_out, axis=1, keepdims=True) / n_samples
    W_hidden = W_hidden - 0.03 * (d_hidden @ samples.T) / n_samples
    c_hidden = c_hidden - 0.03 * np.sum(d_hidden, axis=1, keepdims=True) / n_samples

    if iteration % 2000 == 0:
        print("iteration", iteration, "loss", loss)

print("loss at the end", loss)
print("outputs", answer)
