# 3-bit parity without NumPy: neurons and layers as plain objects.
import math
import random

random.seed(7)


class Neuron:
    def __init__(self, n_inputs):
        # the last weight belongs to a constant input of 1 (the bias)
        self.weights = [random.uniform(-1.5, 1.5) for _ in range(n_inputs + 1)]
        self.changes = [0.0] * (n_inputs + 1)

    def fire(self, inputs):
        self.inputs = inputs + [1.0]
        total = sum(w * x for w, x in zip(self.weights, self.inputs))
        self.output = 1.0 / (1.0 + math.exp(-total))
        return self.output

    def learn(self, rate, momentum):
        for i, x in enumerate(self.inputs):
            self.changes[i] = momentum * self.changes[i] - rate * self.delta * x
            self.weights[i] += self.changes[i]


class Layer:
    def __init__(self, n_inputs, n_neurons):
        self.neurons = [Neuron(n_inputs) for _ in range(n_neurons)]

    def fire(self, inputs):
        return [neuron.fire(inputs) for neuron in self.neurons]

    def learn(self, rate, momentum):
        for neuron in self.neurons:
            neuron.learn(rate, momentum)


hidden = Layer(3, 6)
output = Layer(6, 1)


def run(bits):
    return output.fire(hidden.fire(bits))[0]


def set_deltas(answer, wanted):
    last = output.neurons[0]
    last.delta = (answer - wanted) * answer * (1 - answer)
    for j, neuron in enumerate(hidden.neurons):
        slope = neuron.output * (1 - neuron.output)
        neuron.delta = last.delta * last.weights[j] * slope


patterns = []
for number in range(8):
    bits = [float(number >> k & 1) for k in (2, 1, 0)]
    patterns.append((bits, sum(bits) % 2))

for epoch in range(1, 1501):
    random.shuffle(patterns)
    squares = 0.0
    for bits, wanted in patterns:
        answer = run(bits)
        squares += (wanted - answer) ** 2
        set_deltas(answer, wanted)
        output.learn(0.5, 0.8)
        hidden.learn(0.5, 0.8)
    error = squares / 2
    if epoch == 1 or epoch % 250 == 0:
        print("epoch", epoch, "error", round(error, 5))

for bits, wanted in sorted(patterns):
    print([int(bit) for bit in bits], int(wanted), "%.3f" % run(bits))

# /// faultbench
# task = "3-bit parity"
# loop = 6
# parameters = ["[n.weights for n in hidden.neurons]", "[n.weights for n in output.neurons]"]
# loss = "error"
# ///
