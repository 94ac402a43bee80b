import numpy as np

# five symptoms, four possible illnesses
X = np.array([[1, 0, 1, 1, 0], [1, 1, 0, 0, 1], [0, 1, 1, 0, 0], [0, 0, 1, 0, 1], [1, 1, 1, 1, 0], [0, 0, 0, 1, 1]]).T
Y = np.array([[1, 0, 0, 0], [0, 1, 0, 1], [0, 1, 0, 0], [0, 0, 1, 0], [1, 1, 0, 0], [0, 0, 1, 1]]).T
M = X.shape[1]
learning_rate = 2.0


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


w1 = np.random.uniform(-1, 1, (7, 5))
b1 = np.zeros((7, 1))
w2 = np.random.uniform(-1, 1, (4, 7))
b2 = np.zeros((4, 1))

# forward propagation
A1 = sigmoid(np.dot(w1, X) + b1)
A2 = sigmoid(np.dot(w2, A1) + b2)
loss = -np.sum(Y * np.log(A2) + (1 - Y) * np.log(1 - A2)) / M
# backward propagation
dz2 = A2 - Y
dw2 = np.dot(dz2, A1.T) / M
db2 = dz2.mean(axis=1, keepdims=True)
dz1 = np.dot(w2.T, dz2) * A1 * (1 - A1)
dw1 = np.dot(dz1, X.T) / M
db1 = dz1.mean(axis=1, keepdims=True)
w1 = w1 - learning_rate * dw1
b1 = b1 - learning_rate * db1
w2 = w2 - learning_rate * dw2
b2 = b2 - learning_rate * db2

print("loss", loss)
A1 = sigmoid(np.dot(w1, X) + b1)
print(np.round(sigmoid(np.dot(w2, A1) + b2).T, 2))
