"""XOR with a third input that is always 1, 5 sigmoid hidden units and a sigmoid output, one sample at a time.

This one learns; its twin with ReLU hidden units (xor_relu_updated_weights.py), written the same way, does not.
A seed makes every run the same; the two plots are left out.
"""

import numpy as np

np.random.seed(0)

table = [[0, 0, 1], [0, 1, 1], [1, 0, 1], [1, 1, 1]]
truth = [0, 1, 1, 0]
n_units = 5
pace = 0.1


def sigmoid(v):
    return 1 / (1 + np.exp(-v))


U = np.random.rand(n_units, 4) / 4  # three inputs and one more 1
V = np.random.rand(n_units) / 4

for epoch in range(5000):
    total = 0
    for row, goal in zip(table, truth):
        x = np.array(row + [1])
        pre = U @ x
        out = sigmoid(V @ sigmoid(pre))
        miss = out - goal

        V_slope = np.zeros(n_units)
        for unit in range(n_units):
            V_slope[unit] = miss * sigmoid(pre[unit])
        V = V - pace * V_slope

        U_slope = np.zeros((n_units, 4))
        for unit in range(n_units):
            U_slope[unit] = miss * V[unit] * sigmoid(pre[unit]) * (1 - sigmoid(pre[unit])) * x
        U = U - pace * U_slope

        total += abs(miss) / 2
    if epoch % 500 == 0:
        print("epoch", epoch, "loss", total)

print("loss at the end", total)
for row, goal in zip(table, truth):
    print(row, "gives", sigmoid(V @ sigmoid(U @ np.array(row + [1]))), "wanted", goal)
