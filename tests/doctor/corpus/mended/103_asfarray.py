import numpy as np


class neuralNetwork:
    def __init__(self, inputnodes, hiddennodes, outputnodes, learningrate):
        self.onodes = outputnodes
        self.wih = np.random.normal(0.0, pow(inputnodes, -0.5), (hiddennodes, inputnodes))
        self.who = np.random.normal(0.0, pow(hiddennodes, -0.5), (outputnodes, hiddennodes))
        self.lr = learningrate

    def sigmoid(self, x):
        return 1 / (1 + np.exp(-x))

    def scaled(self, line):
        return np.asarray(line.split(",")[1:], dtype=float) / 255.0 * 0.99 + 0.01

    def target(self, line):
        targets = np.zeros(self.onodes) + 0.01
        targets[int(line.split(",")[0])] = 0.99
        return targets

    def query(self, inputs_list):
        self.inputs = np.array(inputs_list, ndmin=2).T
        self.hidden = self.sigmoid(np.dot(self.wih, self.inputs))
        return self.sigmoid(np.dot(self.who, self.hidden))[:, 0]

    def train(self, inputs_list, targets_list):
        final = self.query(inputs_list)
        output_errors = np.array(targets_list - final, ndmin=2).T
        out = final.reshape(-1, 1)
        hidden_errors = np.dot(self.who.T, output_errors * out * (1.0 - out))
        self.who += self.lr * np.dot(output_errors * out * (1.0 - out), self.hidden.T)
        self.wih += self.lr * np.dot(hidden_errors * self.hidden * (1.0 - self.hidden), self.inputs.T)


np.random.seed(6)
glyphs = np.random.randint(0, 2, (5, 20)) * 200
lines = []
for k in np.random.randint(0, 5, 200):
    lines.append(",".join(str(v) for v in [k, *np.clip(glyphs[k] + np.random.randint(0, 56, 20), 0, 255)]))

n = neuralNetwork(20, 12, 5, 0.3)
for epoch in range(10):
    for line in lines:
        n.train(n.scaled(line), n.target(line))
    print("epoch", epoch, np.mean([n.query(n.scaled(l)).argmax() == int(l[0]) for l in lines]))
