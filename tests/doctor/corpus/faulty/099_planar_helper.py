import numpy as np
from planar_utils import load_planar_dataset, sigmoid

np.random.seed(1)
X, Y = load_planar_dataset()
m = X.shape[1]

par = {
    "W1": np.random.randn(10, 2),
    "b1": np.zeros((10, 1)),
    "W2": np.random.randn(1, 10) * 0.1,
    "b2": np.zeros((1, 1)),
}

for i in range(5000):
    A1 = np.tanh(np.dot(par["W1"], X) + par["b1"])
    A2 = sigmoid(np.dot(par["W2"], A1) + par["b2"])
    J = -np.sum(Y * np.log(A2) + (1 - Y) * np.log(1 - A2)) / m
    dZ2 = A2 - Y
    dZ1 = np.dot(par["W2"].T, dZ2) * (1 - np.power(A1, 2))
    grads = {
        "W1": np.dot(dZ1, X.T) / m,
        "b1": np.sum(dZ1, axis=1, keepdims=True) / m,
        "W2": np.dot(dZ2, A1.T) / m,
        "b2": np.sum(dZ2, axis=1, keepdims=True) / m,
    }
    for k, g in grads.items():
        par[k] -= 1.0 * g
    if i % 500 == 0:
        print("Cost after iteration %i: %f" % (i, J))
print("Accuracy: %d%%" % (100 * np.mean((A2 > 0.5) == Y)))
