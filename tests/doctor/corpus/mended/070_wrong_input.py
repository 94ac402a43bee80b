import numpy as np

np.random.seed(3)
X_train = np.random.rand(5, 40)
Y_train = np.vstack([X_train.sum(axis=0) > 2.5, X_train[0] > X_train[1], np.abs(X_train[2] - X_train[3]) > 0.3]).astype(int)
m = X_train.shape[1]
learning_rate = 1.5


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


w1 = np.random.randn(8, 5)
b1 = np.zeros((8, 1))
w2 = np.random.randn(3, 8)
b2 = np.zeros((3, 1))

for i in range(4000):
    A1 = sigmoid(np.dot(w1, X_train) + b1)
    A2 = sigmoid(np.dot(w2, A1) + b2)
    cost = -np.sum(Y_train * np.log(A2) + (1 - Y_train) * np.log(1 - A2)) / m

    dz2 = A2 - Y_train
    dw2 = np.dot(dz2, A1.T) / m
    db2 = dz2.mean(axis=1, keepdims=True)
    dz1 = np.dot(w2.T, dz2) * A1 * (1 - A1)
    dw1 = np.dot(dz1, X_train.T) / m
    db1 = dz1.mean(axis=1, keepdims=True)

    w1 = w1 - learning_rate * dw1
    b1 = b1 - learning_rate * db1
    w2 = w2 - learning_rate * dw2
    b2 = b2 - learning_rate * db2
    if i % 400 == 0:
        print("cost", cost)

print((A2 > 0.5).astype(int)[:, :10])
