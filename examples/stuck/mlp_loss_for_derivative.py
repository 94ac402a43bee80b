"""A training function for networks of any size, tried on XOR with 2 hidden units.

The cost of two samples goes to zero and that of the other two up to 0.5: all four outputs end at the same value.
A seed makes every run the same.
"""

import numpy as np

rng = np.random.RandomState(0)


def logistic(t):
    return 1.0 / (1.0 + np.exp(-t))


def logistic_slope(t):
    return logistic(t) * (1.0 - logistic(t))


def half_squared_distance(output, target):
    return 0.5 * np.linalg.norm(output - target) ** 2


def fit(table, answers, hidden_count, rate=0.01, rounds=10000, report_every=2000):
    input_count = table.shape[1] if table.ndim > 1 else 1
    output_count = answers.shape[1] if answers.ndim > 1 else 1
    hidden_neurons = [rng.rand(input_count) for _ in range(hidden_count)]
    output_neurons = [rng.rand(hidden_count) for _ in range(output_count)]

    for turn in range(rounds):
        reporting = turn % report_every == 0
        if reporting:
            print("round", turn)
        for sample, answer in zip(table, answers):
            hidden = [logistic(np.dot(sample, neuron)) for neuron in hidden_neurons]
            output = np.array([logistic(np.dot(hidden, neuron)) for neuron in output_neurons])
            price = half_squared_distance(output, answer)

            slope = logistic_slope(sample)
            output_change = rate * (price * slope) * hidden
            output_neurons += output_change

            hidden_slope = slope * np.dot(output_change, output_neurons.T)
            hidden_change = rate * hidden_slope * sample
            hidden_neurons += hidden_change

            if reporting:
                print("  ", sample, "gives", output, "cost", price)

    print("at the end")
    for sample, answer in zip(table, answers):
        hidden = logistic(hidden_neurons @ sample)
        output = logistic(output_neurons @ hidden)
        print("  ", sample, "gives", output, "cost", half_squared_distance(output, answer))


fit(np.array([[0, 0], [0, 1], [1, 0], [1, 1]]), np.array([0, 1, 1, 0]), hidden_count=2)
