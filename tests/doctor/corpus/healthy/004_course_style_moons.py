# 3-layer network, course notation (a^[l], parameters/caches/grads)
import numpy as np
import matplotlib.pyplot as plt

np.random.seed(1)


def load_moons(n):
    t = np.pi * np.random.rand(n)
    upper = np.c_[np.cos(t[: n // 2]), np.sin(t[: n // 2])]
    lower = np.c_[1 - np.cos(t[n // 2:]), 0.5 - np.sin(t[n // 2:])]
    X = np.r_[upper, lower] + 0.1 * np.random.randn(n, 2)
    Y = np.r_[np.zeros(n // 2), np.ones(n - n // 2)]
    return X.T, Y.reshape(1, n)


def initialize_parameters(layer_dims):
    parameters = {}
    L = len(layer_dims)
    for l in range(1, L):
        parameters["W" + str(l)] = np.random.randn(layer_dims[l], layer_dims[l - 1]) * np.sqrt(2.0 / layer_dims[l - 1])
        parameters["b" + str(l)] = np.zeros((layer_dims[l], 1))
    return parameters


def relu(Z):
    return np.maximum(0, Z)


def sigmoid(Z):
    return 1 / (1 + np.exp(-Z))


def forward_propagation(X, parameters):
    L = len(parameters) // 2
    caches = {"A0": X}
    for l in range(1, L + 1):
        Z = np.dot(parameters["W" + str(l)], caches["A" + str(l - 1)]) + parameters["b" + str(l)]
        caches["Z" + str(l)] = Z
        caches["A" + str(l)] = sigmoid(Z) if l == L else relu(Z)
    return caches["A" + str(L)], caches


def compute_cost(AL, Y):
    m = Y.shape[1]
    logprobs = np.multiply(-np.log(AL), Y) + np.multiply(-np.log(1 - AL), 1 - Y)
    return np.squeeze(np.sum(logprobs) / m)


def backward_propagation(Y, parameters, caches):
    grads = {}
    L = len(parameters) // 2
    m = Y.shape[1]
    dZ = caches["A" + str(L)] - Y
    for l in range(L, 0, -1):
        grads["dW" + str(l)] = np.dot(dZ, caches["A" + str(l - 1)].T) / m
        grads["db" + str(l)] = np.sum(dZ, axis=1, keepdims=True) / m
        if l > 1:
            dA = np.dot(parameters["W" + str(l)].T, dZ)
            dZ = np.multiply(dA, caches["Z" + str(l - 1)] > 0)
    return grads


def update_parameters(parameters, grads, learning_rate):
    for l in range(1, len(parameters) // 2 + 1):
        parameters["W" + str(l)] = parameters["W" + str(l)] - learning_rate * grads["dW" + str(l)]
        parameters["b" + str(l)] = parameters["b" + str(l)] - learning_rate * grads["db" + str(l)]
    return parameters


def model(X, Y, layers_dims, learning_rate=0.15, num_iterations=4000, print_cost=True):
    costs = []
    parameters = initialize_parameters(layers_dims)
    for i in range(num_iterations):
        AL, caches = forward_propagation(X, parameters)
        cost = compute_cost(AL, Y)
        grads = backward_propagation(Y, parameters, caches)
        parameters = update_parameters(parameters, grads, learning_rate)
        if print_cost and i % 500 == 0:
            print("Cost after iteration {}: {}".format(i, cost))
            costs.append(cost)
    return parameters, costs


train_X, train_Y = load_moons(300)
test_X, test_Y = load_moons(100)
parameters, costs = model(train_X, train_Y, [2, 24, 12, 1])
AL, _ = forward_propagation(test_X, parameters)
print("Accuracy: %.3f" % np.mean((AL > 0.5) == test_Y))
plt.plot(costs)
plt.ylabel("cost")
plt.xlabel("iterations (x500)")
plt.show()
