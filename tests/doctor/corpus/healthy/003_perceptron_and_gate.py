# Rosenblatt's perceptron on the AND gate.
# no numpy needed

data = [
    ((0, 0), 0),
    ((0, 1), 0),
    ((1, 0), 0),
    ((1, 1), 1),
]

weights = [0.0, 0.0]
bias = 0.0
eta = 0.1


def step(v):
    if v > 0:
        return 1
    return 0


def output(x):
    return step(weights[0] * x[0] + weights[1] * x[1] + bias)


rounds = 0
while True:
    mistakes = 0
    for x, target in data:
        error = target - output(x)
        if error != 0:
            mistakes += 1
            weights[0] += eta * error * x[0]
            weights[1] += eta * error * x[1]
            bias += eta * error
    rounds += 1
    print("round", rounds, "mistakes", mistakes, "weights", weights, "bias", bias)
    if mistakes == 0:
        break

for x, target in data:
    print(x, "->", output(x), "expected", target)
