import numpy as np

np.random.seed(18)


def dataset(m):
    rho = np.sqrt(np.random.rand(m))
    phi = 2 * np.pi * np.random.rand(m)
    X = np.stack([rho * np.cos(phi), rho * np.sin(phi)])
    return X, ((rho > 0.35) & (rho < 0.8)).astype(int)[None, :]


def propagate(params, X, Y):
    m = X.shape[1]
    A = 1 / (1 + np.exp(-(params["W"] @ X + params["b"])))
    cost = -np.mean(Y * np.log(A) + (1 - Y) * np.log(1 - A))
    dZ = (A - Y) / m
    grads = {"W": dZ @ X.T, "b": np.sum(dZ, keepdims=True)}
    return A, cost, grads


X, Y = dataset(300)
params = {"W": np.zeros((1, 2)), "b": np.zeros((1, 1))}
costs = []
for i in range(3000):
    A, cost, grads = propagate(params, X, Y)
    for k in grads:
        params[k] = params[k] - 1.0 * grads[k]
    if i % 300 == 0:
        costs.append(cost)
        print("Cost after", i, "iterations:", cost)
print("train accuracy: {} %".format(100 - np.mean(np.abs((A > 0.5) - Y)) * 100))
