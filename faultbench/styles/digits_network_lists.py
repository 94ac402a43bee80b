import numpy as np

np.random.seed(12)

# 0, 1, 2, 3 and 4 next to each other, 8 x 8 pixels each
SHEET = """
..####.. ...##... ..####.. .#####.. ....##..
.##..##. ..###... .##..##. .....##. ...###..
.##..##. .####... .....##. .....##. ..####..
.##..##. ...##... ....##.. ..####.. .##.##..
.##..##. ...##... ...##... .....##. .#######
.##..##. ...##... ..##.... .....##. ....##..
.##..##. ...##... .##..... .....##. ....##..
..####.. .######. .######. .#####.. ....##..
"""


class Network(object):
    """net = Network([64, 15, 5]) has 64 inputs, 15 hidden and 5 output neurons."""

    def __init__(self, sizes):
        self.biases = [np.random.randn(n, 1) for n in sizes[1:]]
        self.weights = [np.random.randn(n, k) / np.sqrt(k) for k, n in zip(sizes[:-1], sizes[1:])]

    def run(self, a):
        """All activations, from the input to the output."""
        activations = [a]
        for w, b in zip(self.weights, self.biases):
            activations.append(sigmoid(np.dot(w, activations[-1]) + b))
        return activations

    def gradient(self, x, target):
        acts = self.run(x)
        grad_w, grad_b = [], []
        delta = (acts[-1] - target) * acts[-1] * (1 - acts[-1])
        for k in reversed(range(len(self.weights))):
            grad_w.insert(0, np.dot(delta, acts[k].T))
            grad_b.insert(0, delta)
            delta = np.dot(self.weights[k].T, delta) * acts[k] * (1 - acts[k])
        return grad_w, grad_b

    def quadratic_cost(self, data):
        return sum(0.5 * np.sum((self.run(x)[-1] - t) ** 2) for x, t in data) / len(data)

    def train(self, data, epochs, eta):
        for epoch in range(epochs):
            for i in np.random.permutation(len(data)):
                x, target = data[i]
                grad_w, grad_b = self.gradient(x, target)
                self.weights = [w - eta * gw for w, gw in zip(self.weights, grad_w)]
                self.biases = [b - eta * gb for b, gb in zip(self.biases, grad_b)]
            cost = self.quadratic_cost(data)
            if epoch % 5 == 0:
                print("Epoch {0}: cost {1:.5f}".format(epoch, cost))


def sigmoid(z):
    return 1.0 / (1.0 + np.exp(-z))


def unit_vector(j):
    e = np.zeros((5, 1))
    e[j] = 1.0
    return e


def noisy_digits(count):
    lines = [line.split() for line in SHEET.strip().split("\n")]
    samples = []
    for n in range(count):
        digit = n % 5
        pixels = [float(c == "#") for line in lines for c in line[digit]]
        x = np.array(pixels).reshape(64, 1) + np.random.normal(0, 0.3, (64, 1))
        samples.append((x, unit_vector(digit)))
    return samples


training, testing = noisy_digits(75), noisy_digits(50)
net = Network([64, 15, 5])
net.train(training, 30, 0.5)
hits = sum(np.argmax(net.run(x)[-1]) == np.argmax(t) for x, t in testing)
print("{0} of {1} test digits recognised".format(hits, len(testing)))

# /// faultbench
# task = "digits"
# loop = 4
# parameters = ["self.weights", "self.biases"]
# loss = "cost"
# ///
