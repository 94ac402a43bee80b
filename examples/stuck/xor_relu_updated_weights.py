"""XOR with a third input that is always 1, 10 ReLU hidden units and a sigmoid output, one sample at a time.

It learns nothing. The same program with sigmoid hidden units (xor_sigmoid_updated_weights.py) does.
A seed makes every run the same; the two plots are left out.
"""

import numpy as np

np.random.seed(0)

table = [[0, 0, 1], [0, 1, 1], [1, 0, 1], [1, 1, 1]]
truth = [0, 1, 1, 0]
n_units = 10
pace = 0.05


def relu(v):
    return np.maximum(0, v)


def sigmoid(v):
    return 1 / (1 + np.exp(-v))


U = np.random.rand(n_units, 4) / 4  # three inputs and one more 1
V = np.random.rand(n_units) / 4

for epoch in range(3000):
    total = 0
    for row, goal in zip(table, truth):
        x = np.array(row + [1])
        pre = U @ x
        out = sigmoid(V @ relu(pre))
        miss = out - goal

        V_slope = np.zeros(n_units)
        for unit in range(n_units):
            if pre[unit] >= 0:
                V_slope[unit] = miss * pre[unit]
        V = V - pace * V_slope

        U_slope = np.zeros((n_units, 4))
        for unit in range(n_units):
            if pre[unit] >= 0:
                U_slope[unit] = miss * V[unit] * x
        U = U - pace * U_slope

        total += abs(miss) / 2
    if epoch % 500 == 0:
        print("epoch", epoch, "loss", total)

print("loss at the end", total)
print("largest weight into a hidden unit", np.abs(U).max())
for row, goal in zip(table, truth):
    print(row, "gives", sigmoid(V @ relu(U @ np.array(row + [1]))), "wanted", goal)
