import numpy as np

# XOR, samples are the columns
X = np.array([[0, 0, 1, 1],
              [0, 1, 0, 1]])
Y = np.array([[0, 1, 1, 0]])
m = X.shape[1]

n_h = 8
lr = 0.5

W1 = np.random.randn(n_h, 2)
b1 = np.zeros((n_h, 1))
W2 = np.random.randn(1, n_h) * 0.5
b2 = np.zeros((1, 1))

def sigmoid(z):
    return 1 / (1 + np.exp(-z))

costs = []
for i in range(6000):
    Z1 = np.dot(W1, X) + b1
    A1 = np.tanh(Z1)
    Z2 = np.dot(W2, A1) + b2
    A2 = sigmoid(Z2)

    J = -np.sum(Y * np.log(A2) + (1 - Y) * np.log(1 - A2)) / m
    costs.append(J)

    dZ2 = A2 - Y
    dW2 = np.dot(dZ2, A1.T) / m
    db2 = np.sum(dZ2, axis=1, keepdims=True) / m
    dA1 = np.dot(W2.T, dZ2)
    dZ1 = dA1 * (1 - A1 ** 2)
    dW1 = np.dot(dZ1, X.T) / m
    db1 = np.sum(dZ1, axis=1, keepdims=True) / m

    W1 = W1 - lr * dW1
    b1 = b1 - lr * db1
    W2 = W2 - lr * dW2
    b2 = b2 - lr * db2

    if i % 1000 == 0:
        print("Cost after iteration %d: %f" % (i, J))

print(np.round(A2, 3))
print("predictions:", (A2 > 0.5).astype(int))
