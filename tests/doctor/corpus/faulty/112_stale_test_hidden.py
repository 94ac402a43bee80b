import numpy as np

X_train = np.random.uniform(-1, 1, (3, 80))
Y_train = np.vstack([np.sin(2 * X_train[0]) * X_train[1], X_train[1] * X_train[2]])
X_new = np.random.uniform(-1, 1, (3, 80))
Y_new = np.vstack([np.sin(2 * X_new[0]) * X_new[1], X_new[1] * X_new[2]])
n = X_train.shape[1]

w1 = np.random.randn(20, 3)
b1 = np.random.randn(20, 1)
w2 = np.random.randn(2, 20) * 0.2
b2 = np.zeros((2, 1))

for epoch in range(6000):
    A1 = np.tanh(np.dot(w1, X_train) + b1)
    A2 = np.dot(w2, A1) + b2
    loss = np.mean((A2 - Y_train) ** 2)
    dA2 = 2 * (A2 - Y_train) / A2.size
    dA1 = np.dot(w2.T, dA2) * (1 - A1 ** 2)
    w2 = w2 - 0.4 * np.dot(dA2, A1.T)
    b2 = b2 - 0.4 * dA2.sum(axis=1, keepdims=True)
    w1 = w1 - 0.4 * np.dot(dA1, X_train.T)
    b1 = b1 - 0.4 * dA1.sum(axis=1, keepdims=True)
    if epoch % 600 == 0:
        print("epoch", epoch, "loss", loss)

# new points
prediction = np.dot(w2, A1) + b2
print("error on new points", np.mean((prediction - Y_new) ** 2))
