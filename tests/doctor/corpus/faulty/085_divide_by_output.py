import numpy as np


def sigmoid(Z):
    return 1 / (1 + np.exp(-Z))


def relu(Z):
    return np.maximum(0, Z)


def init(nx, nh):
    np.random.seed(1)
    return {
        "W1": np.random.randn(nh, nx) * 0.5, "b1": np.zeros((nh, 1)),
        "W2": np.random.randn(1, nh) * 0.5, "b2": np.zeros((1, 1)),
    }


def L_model_backward(AL, Y, X, A1, parameters):
    m = Y.shape[1]
    dAL = -(np.divide(Y, AL) - np.divide(1 - Y, 1 - AL))
    dZ2 = dAL * AL * (1 - AL)
    dZ1 = parameters["W2"].T @ dZ2 * (A1 > 0)
    return {
        "W1": dZ1 @ X.T / m, "b1": np.sum(dZ1, axis=1, keepdims=True) / m,
        "W2": dZ2 @ A1.T / m, "b2": np.sum(dZ2, axis=1, keepdims=True) / m,
    }


def compute_cost(AL, Y):
    return np.mean(-Y * np.log(AL) - (1 - Y) * np.log(1 - AL))


# two well separated clouds, the second one far away
np.random.seed(9)
X = np.hstack([np.random.randn(2, 100), np.random.randn(2, 100) * 2 + 15])
Y = np.hstack([np.zeros((1, 100)), np.ones((1, 100))])
parameters = init(2, 12)
costs = []
n_iterations = 1500
for i in range(n_iterations):
    A1 = relu(parameters["W1"] @ X + parameters["b1"])
    AL = sigmoid(parameters["W2"] @ A1 + parameters["b2"])
    cost = compute_cost(AL, Y)
    grads = L_model_backward(AL, Y, X, A1, parameters)
    for k in parameters:
        parameters[k] = parameters[k] - 0.5 * grads[k]
    costs.append(cost)
    if i % 150 == 0:
        print("Cost after iteration {}: {}".format(i, cost))
