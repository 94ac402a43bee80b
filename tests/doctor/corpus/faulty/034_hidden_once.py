import numpy as np

x_train = np.asarray([[0, 0, 1, 1, 0, 1], [0, 1, 0, 1, 0, 1], [0, 0, 0, 0, 1, 1]])
y_train = np.asarray([[0, 1, 1, 0, 1, 1]])
m = x_train.shape[1]


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


w1 = np.random.randn(3, 3) * 1.5
b1 = np.random.randn(3, 1) * 0.5
w2 = np.random.randn(1, 3)
b2 = np.zeros((1, 1))

# forward propagation
a1 = sigmoid(np.dot(w1, x_train) + b1)

for i in range(8000):
    a2 = sigmoid(np.dot(w2, a1) + b2)
    loss = -np.sum(y_train * np.log(a2) + (1 - y_train) * np.log(1 - a2)) / m

    # backward propagation
    dz2 = a2 - y_train
    dw2 = np.dot(dz2, a1.T) / m
    db2 = np.sum(dz2, axis=1, keepdims=True) / m
    dz1 = np.dot(w2.T, dz2) * a1 * (1 - a1)
    dw1 = np.dot(dz1, x_train.T) / m
    db1 = np.sum(dz1, axis=1, keepdims=True) / m

    w1 = w1 - 1.0 * dw1
    b1 = b1 - 1.0 * db1
    w2 = w2 - 1.0 * dw2
    b2 = b2 - 1.0 * db2
    if i % 1000 == 0:
        print("loss", loss)

a1 = sigmoid(np.dot(w1, x_train) + b1)
print(np.round(sigmoid(np.dot(w2, a1) + b2), 3))
