# Backpropagation without any library.
# Each neuron is a list of weights; the last one is its bias.
import math
import random

random.seed(4)

N_HIDDEN = 5
RATE = 0.7
EPOCHS = 2500

data = [([0, 0], 0), ([0, 1], 1), ([1, 0], 1), ([1, 1], 0)]

hidden = []
for j in range(N_HIDDEN):
    hidden.append([random.uniform(-2, 2) for _ in range(3)])
output = [random.uniform(-2, 2) for _ in range(N_HIDDEN + 1)]


def squash(s):
    return 1.0 / (1.0 + math.exp(-s))


def fire(weights, inputs):
    s = weights[-1]
    for w, v in zip(weights, inputs):
        s += w * v
    return squash(s)


for epoch in range(EPOCHS):
    sse = 0.0
    for x, wanted in data:
        # forward
        h = [fire(neuron, x) for neuron in hidden]
        out = fire(output, h)
        err = out - wanted
        sse += err * err

        # deltas
        d_out = 2 * err * out * (1 - out)
        d_hid = []
        for j in range(N_HIDDEN):
            d_hid.append(d_out * output[j] * h[j] * (1 - h[j]))

        # weights and bias of the output neuron
        for j in range(N_HIDDEN):
            output[j] -= RATE * d_out * h[j]
        output[-1] -= RATE * d_out

        # weights and biases of the hidden neurons
        for j in range(N_HIDDEN):
            for i in range(2):
                hidden[j][i] -= RATE * d_hid[j] * x[i]
            hidden[j][-1] -= RATE * d_hid[j]

    loss = sse / len(data)
    if epoch % 250 == 0:
        print("epoch", epoch, "mean squared error", round(loss, 5))

right = 0
for x, wanted in data:
    out = fire(output, [fire(neuron, x) for neuron in hidden])
    print(x[0], "xor", x[1], "=", round(out, 3))
    right += (out > 0.5) == (wanted == 1)
print(right, "of", len(data), "right")

# /// faultbench
# task = "xor"
# loop = 4
# parameters = ["hidden", "output"]
# loss = "loss"
# ///
