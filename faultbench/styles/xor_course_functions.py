import numpy as np

np.random.seed(2)


def layer_sizes(X, Y, hidden_units):
    return X.shape[0], hidden_units, Y.shape[0]


def initialize(n_x, n_h, n_y):
    W1 = np.random.randn(n_h, n_x)
    b1 = np.zeros((n_h, 1))
    W2 = np.random.randn(n_y, n_h) / np.sqrt(n_h)
    b2 = np.zeros((n_y, 1))
    return {"W1": W1, "b1": b1, "W2": W2, "b2": b2}


def forward_pass(X, parameters):
    Z1 = np.dot(parameters["W1"], X) + parameters["b1"]
    A1 = np.tanh(Z1)
    Z2 = np.dot(parameters["W2"], A1) + parameters["b2"]
    A2 = 1.0 / (1.0 + np.exp(-Z2))
    return A2, (A1, A2)


def cross_entropy(A2, Y):
    m = Y.shape[1]
    logprobs = Y * np.log(A2) + (1 - Y) * np.log(1 - A2)
    return -np.sum(logprobs) / m


def backward_pass(X, Y, parameters, cache):
    m = X.shape[1]
    A1, A2 = cache

    dZ2 = A2 - Y
    dW2 = np.dot(dZ2, A1.T) / m
    db2 = np.sum(dZ2, axis=1, keepdims=True) / m
    dZ1 = np.dot(parameters["W2"].T, dZ2) * (1 - np.power(A1, 2))
    dW1 = np.dot(dZ1, X.T) / m
    db1 = np.sum(dZ1, axis=1, keepdims=True) / m

    return {"dW1": dW1, "db1": db1, "dW2": dW2, "db2": db2}


def update(parameters, grads, learning_rate):
    return {
        "W1": parameters["W1"] - learning_rate * grads["dW1"],
        "b1": parameters["b1"] - learning_rate * grads["db1"],
        "W2": parameters["W2"] - learning_rate * grads["dW2"],
        "b2": parameters["b2"] - learning_rate * grads["db2"],
    }


def train_model(X, Y, hidden_units, learning_rate, num_iterations):
    n_x, n_h, n_y = layer_sizes(X, Y, hidden_units)
    parameters = initialize(n_x, n_h, n_y)

    for i in range(num_iterations):
        A2, cache = forward_pass(X, parameters)
        cost = cross_entropy(A2, Y)
        grads = backward_pass(X, Y, parameters, cache)
        parameters = update(parameters, grads, learning_rate)
        if i % 400 == 0:
            print("Cost after iteration %i: %f" % (i, cost))

    return parameters


# every COLUMN is one example
X = np.array([[0, 0, 1, 1], [0, 1, 0, 1]])
Y = np.array([[0, 1, 1, 0]])

trained = train_model(X, Y, hidden_units=6, learning_rate=0.5, num_iterations=2000)
probabilities, _ = forward_pass(X, trained)
predictions = (probabilities > 0.5).astype(int)
print("predictions:", predictions, "expected:", Y)
print("accuracy: %d%%" % (100 * np.mean(predictions == Y)))

# /// faultbench
# task = "xor"
# loop = 1
# parameters = ["parameters['W1']", "parameters['b1']", "parameters['W2']", "parameters['b2']"]
# loss = "cost"
# ///
