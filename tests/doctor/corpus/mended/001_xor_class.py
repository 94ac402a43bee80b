import numpy as np


class NeuralNetwork:
    def __init__(self, inputs, hidden, outputs):
        self.W1 = np.random.uniform(-1, 1, (inputs, hidden))
        self.b1 = np.zeros((1, hidden))
        self.W2 = np.random.uniform(-1, 1, (hidden, outputs))
        self.b2 = np.zeros((1, outputs))

    def sigmoid(self, x):
        return 1 / (1 + np.exp(-x))

    def forward(self, X):
        self.hidden = self.sigmoid(np.dot(X, self.W1) + self.b1)
        self.output = self.sigmoid(np.dot(self.hidden, self.W2) + self.b2)
        return self.output

    def backward(self, X, y, lr):
        out_delta = 2 * (self.output - y) * self.output * (1 - self.output) / len(X)
        hid_delta = np.dot(out_delta, self.W2.T) * self.hidden * (1 - self.hidden)
        self.W2 -= lr * np.dot(self.hidden.T, out_delta)
        self.b2 -= lr * out_delta.sum(axis=0, keepdims=True)
        self.W1 -= lr * np.dot(X.T, hid_delta)
        self.b1 -= lr * hid_delta.sum(axis=0, keepdims=True)

    def train(self, X, y, epochs, lr):
        for epoch in range(epochs):
            self.forward(X)
            self.backward(X, y, lr)
            if epoch % 2000 == 0:
                print(epoch, np.mean((self.output - y) ** 2))


X = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
y = np.array([[0], [1], [1], [0]])

nn = NeuralNetwork(2, 6, 1)
nn.train(X, y, 20000, 1.0)
print(nn.forward(X).round(3))
