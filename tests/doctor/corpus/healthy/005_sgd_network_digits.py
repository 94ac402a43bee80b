"""
Digit recogniser: feed-forward net, plain SGD. Backprop looks at one sample
at a time, the gradients of a mini batch are added up before the step.
Data: noisy 5x7 digit bitmaps.
"""
import random
import numpy as np

FONT = """
.###. ..#.. .###. ####. ...#. ##### .###. ##### .###. .###.
#...# .##.. #...# ....# ..##. #.... #.... ....# #...# #...#
#...# ..#.. ....# ....# .#.#. ####. #.... ...#. #...# #...#
#...# ..#.. ..##. .###. #..#. ....# ####. ...#. .###. .####
#...# ..#.. .#... ....# ##### ....# #...# ..#.. #...# ....#
#...# ..#.. #.... ....# ...#. #...# #...# ..#.. #...# ....#
.###. .###. ##### ####. ...#. .###. .###. ..#.. .###. .###.
""".split()


def noisy_bitmap(digit):
    pixels = "".join(FONT[10 * row + digit] for row in range(7))
    clean = np.array([[1.0 if c == "#" else 0.0] for c in pixels])
    return clean + 0.25 * np.random.randn(35, 1)


def one_hot(digit):
    column = np.zeros((10, 1))
    column[digit] = 1.0
    return column


def logistic(z):
    return 1.0 / (1.0 + np.exp(-z))


class Network(object):

    def __init__(self, *sizes):
        self.weights = []
        self.biases = []
        for n_in, n_out in zip(sizes, sizes[1:]):
            self.weights.append(np.random.randn(n_out, n_in) / np.sqrt(n_in))
            self.biases.append(np.random.randn(n_out, 1))

    def activations(self, x):
        result = [x]
        for w, b in zip(self.weights, self.biases):
            result.append(logistic(np.dot(w, result[-1]) + b))
        return result

    def backprop(self, x, y):
        acts = self.activations(x)
        nabla_w = [None] * len(self.weights)
        nabla_b = [None] * len(self.biases)
        # quadratic cost, logistic units everywhere
        delta = (acts[-1] - y) * acts[-1] * (1 - acts[-1])
        for back in range(1, len(self.weights) + 1):
            nabla_b[-back] = delta
            nabla_w[-back] = np.dot(delta, acts[-back - 1].T)
            if back < len(self.weights):
                a = acts[-back - 1]
                delta = np.dot(self.weights[-back].T, delta) * a * (1 - a)
        return nabla_w, nabla_b

    def update_mini_batch(self, batch, eta):
        total_w = [np.zeros(w.shape) for w in self.weights]
        total_b = [np.zeros(b.shape) for b in self.biases]
        for x, y in batch:
            nabla_w, nabla_b = self.backprop(x, y)
            for i in range(len(self.weights)):
                total_w[i] += nabla_w[i]
                total_b[i] += nabla_b[i]
        step = eta / len(batch)
        self.weights = [w - step * g for w, g in zip(self.weights, total_w)]
        self.biases = [b - step * g for b, g in zip(self.biases, total_b)]

    def fit(self, data, epochs, batch_size, eta, test):
        for epoch in range(1, epochs + 1):
            random.shuffle(data)
            for k in range(0, len(data), batch_size):
                self.update_mini_batch(data[k:k + batch_size], eta)
            print("Epoch %d: %d of %d right" % (epoch, self.count_right(test), len(test)))

    def count_right(self, test):
        return sum(int(np.argmax(self.activations(x)[-1]) == d) for x, d in test)


if __name__ == "__main__":
    digits = [random.randrange(10) for _ in range(600)]
    samples = [(noisy_bitmap(d), d) for d in digits]
    training = [(x, one_hot(d)) for x, d in samples[:400]]
    test = samples[400:]
    net = Network(35, 30, 10)
    net.fit(training, epochs=25, batch_size=10, eta=3.0, test=test)
