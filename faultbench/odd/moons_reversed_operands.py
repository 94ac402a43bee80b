import numpy as np

np.random.seed(50)

# two moons, half as many points on the second one
up = np.random.uniform(0, np.pi, 80)
down = np.random.uniform(np.pi, 2 * np.pi, 40)
X = np.r_[np.c_[np.cos(up), np.sin(up)], np.c_[1 + np.cos(down), 0.5 + np.sin(down)]]
X += np.random.randn(120, 2) * 0.07
Y = np.r_[np.zeros((80, 1)), np.ones((40, 1))]


def sigmoid(x):
    return 1.0 / (1.0 + np.exp(-x))


def sigmoid_derivative(x):
    return x * (1.0 - x)


input_to_hidden = np.random.randn(2, 10) * 1.5
hidden_bias = np.random.randn(10)
hidden_to_output = np.random.randn(10, 1)
output_bias = np.zeros(1)

for iteration in range(4000):
    layer1 = sigmoid(X @ input_to_hidden + hidden_bias)
    layer2 = sigmoid(layer1 @ hidden_to_output + output_bias)

    difference = layer2 - Y
    loss = np.mean(difference**2)

    d2 = 2 * difference * sigmoid_derivative(layer2) / 120
    d1 = (hidden_to_output @ d2.T).T * sigmoid_derivative(layer1)

    hidden_to_output -= 4 * (d2.T @ layer1).T
    output_bias -= 4 * d2.sum()
    input_to_hidden -= 4 * (d1.T @ X).T
    hidden_bias -= 4 * d1.sum(axis=0)

    if not iteration % 400:
        print("Iteration", iteration, "- loss", loss)

print("Loss at the end:", loss)
print("Wrong points:", np.sum(np.round(layer2) != Y))

# /// faultbench
# task = "moons"
# loop = 1
# parameters = ["input_to_hidden", "hidden_bias", "hidden_to_output", "output_bias"]
# loss = "loss"
# ///
