"""Two layers for rows of 5 inputs and 4 outputs; the author's second form, in which the shapes go together.

Whatever the targets are, every prediction comes out as 0.5 or very nearly so.
"""

import numpy as np

count = 2
step = 0.0001

rows = np.array([[1, 0, 1, 1, 1], [1, 1, 1, 1, 1]])
labels = np.array([[0, 1, 0, 0], [1, 0, 0, 0]])
inputs = rows.T
targets = labels.T


def act(s):
    return 1 / (1 + np.exp(-s))


first = np.zeros((4, 5))
first_bias = np.zeros((4, 1))
second = np.zeros((4, 4))
second_bias = np.zeros((4, 1))

# forward
middle = act(first.dot(inputs))
result = act(second.dot(middle))

# backward
first_change = (1 / count) * (middle - result).dot(inputs.T / count)
first_bias_change = (middle - result).mean(axis=1, keepdims=True)
second_change = (1 / count) * (result - middle).dot(targets.T / count)
second_bias_change = (result - targets).mean(axis=1, keepdims=True)

first = first - step * first_change
first_bias = first_bias - step * first_bias_change
second = second - step * second_change
second_bias = second_bias - step * second_bias_change

prediction = act(second.dot(middle) + second_bias)
print(prediction.T)
