import numpy as np


def load_toy_digits(m):
    glyphs = np.random.binomial(1, 0.4, (4, 25))
    labels = np.random.randint(0, 4, m)
    flip = np.random.binomial(1, 0.08, (m, 25))
    return np.abs(glyphs[labels] - flip).T.astype(float), np.eye(4)[labels].T, labels


def softmax(Z):
    e = np.exp(Z - np.max(Z, axis=0, keepdims=True))
    return e / np.sum(e, axis=0, keepdims=True)


def forward(X, parameters):
    Z1 = np.dot(parameters["W1"], X) + parameters["b1"]
    A1 = np.maximum(0, Z1)
    A2 = softmax(np.dot(parameters["W2"], A1) + parameters["b2"])
    return Z1, A1, A2


def backward(X, Y, cache, parameters):
    Z1, A1, A2 = cache
    m = X.shape[1]
    dZ2 = A2 - Y
    dZ1 = np.dot(parameters["W2"].T, dZ2) * (Z1 > 0)
    return {
        "W1": np.dot(dZ1, X.T) / m,
        "b1": np.sum(dZ1, axis=1, keepdims=True) / m,
        "W2": np.dot(dZ2, A1.T) / m,
        "b2": np.sum(dZ2, axis=1, keepdims=True) / m,
    }


X, Y, labels = load_toy_digits(1000)
parameters = {
    "W1": np.random.randn(16, 25) * np.sqrt(2 / 25), "b1": np.zeros((16, 1)),
    "W2": np.random.randn(4, 16) * np.sqrt(2 / 16), "b2": np.zeros((4, 1)),
}
n_iter, learning_rate = 400, 0.2

for i in range(0, n_iter):
    cache = forward(X, parameters)
    cost = -np.mean(np.sum(Y * np.log(cache[2] + 1e-8), axis=0))
    grads = backward(X, Y, cache, parameters)
    for key, grad in grads.items():
        parameters[key] -= learning_rate * grad
    if i % 40 == 0:
        print("iter", i, "cost", cost, "accuracy", np.mean(cache[2].argmax(axis=0) == labels))
