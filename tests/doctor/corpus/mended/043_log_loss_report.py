import numpy as np

np.random.seed(19)
m = 180
X = np.random.randn(2, m)
Y = ((X[0] > 0) ^ (X[1] > 0.2)).reshape(1, m).astype(float)


def init(n):
    return {"W1": np.random.randn(n, 2), "b1": np.zeros((n, 1)), "W2": np.random.randn(1, n), "b2": np.zeros((1, 1))}


def forward(model, X):
    A1 = np.tanh(model["W1"] @ X + model["b1"])
    A2 = 1 / (1 + np.exp(-(model["W2"] @ A1 + model["b2"])))
    return {"A1": A1, "A2": A2}


def cross_entropy(A2, Y):
    return -np.sum(Y * np.log(A2) + (1 - Y) * np.log(1 - A2)) / Y.shape[1]


def backward(model, cache, X, Y):
    n = X.shape[1]
    dZ2 = cache["A2"] - Y
    dZ1 = (model["W2"].T @ dZ2) * (1 - cache["A1"] ** 2)
    return {
        "W1": dZ1 @ X.T / n,
        "b1": dZ1.sum(axis=1, keepdims=True) / n,
        "W2": dZ2 @ cache["A1"].T / n,
        "b2": dZ2.sum(axis=1, keepdims=True) / n,
    }


model = init(8)
for i in range(2500):
    cache = forward(model, X)
    cost = cross_entropy(cache["A2"], Y)
    grads = backward(model, cache, X, Y)
    for k in model:
        model[k] = model[k] - 0.6 * grads[k]
    if i % 250 == 0:
        print("iteration", i, "cross-entropy", cost)
