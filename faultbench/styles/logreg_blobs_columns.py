# Logistic regression on two Gaussian blobs.
# Every example is a column, so X is (2, m) and Y is (1, m).
import numpy as np

np.random.seed(4)


def sigmoid(z):
    return 1.0 / (1.0 + np.exp(-z))


def cost(w, b, X, Y):
    A = sigmoid(np.dot(w.T, X) + b)
    return -np.mean(Y * np.log(A) + (1 - Y) * np.log(1 - A))


def gradients(w, b, X, Y):
    m = X.shape[1]
    dZ = sigmoid(np.dot(w.T, X) + b) - Y
    dw = np.dot(X, dZ.T) / m
    db = np.sum(dZ, axis=1, keepdims=True) / m
    return dw, db


per_blob = 90
left = np.array([[-1.6], [-0.8]]) + 0.6 * np.random.randn(2, per_blob)
right = np.array([[1.2], [1.6]]) + 0.6 * np.random.randn(2, per_blob)
X = np.hstack((left, right))
Y = np.hstack((np.zeros((1, per_blob)), np.ones((1, per_blob))))

w = 0.01 * np.random.randn(2, 1)
b = np.zeros((1, 1))
learning_rate = 0.3

for i in range(4000):
    J = cost(w, b, X, Y)
    dw, db = gradients(w, b, X, Y)
    w = w - learning_rate * dw
    b = b - learning_rate * db
    if i % 500 == 0:
        print("Cost after iteration %4d: %.5f" % (i, J))

predicted = sigmoid(np.dot(w.T, X) + b) > 0.5
print("w =", w.ravel(), " b =", b.item())
print("Training accuracy: %.1f %%" % (100 * np.mean(predicted == (Y == 1))))

# /// faultbench
# task = "logistic regression, two blobs"
# loop = 1
# parameters = ["w", "b"]
# loss = "J"
# ///
