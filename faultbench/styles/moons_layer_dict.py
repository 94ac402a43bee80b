# Deep-ish net for the two moons, parameters in a dictionary,
# one column per example, loops over the layers.
import numpy as np

np.random.seed(8)


def make_moons(m, noise):
    half = m // 2
    angle = np.linspace(0, np.pi, half)
    x1 = np.hstack((np.cos(angle), 1 - np.cos(angle)))
    x2 = np.hstack((np.sin(angle), 0.5 - np.sin(angle)))
    points = np.vstack((x1, x2)) + np.random.normal(scale=noise, size=(2, m))
    labels = np.hstack((np.zeros(half), np.ones(half)))
    return points, labels[np.newaxis, :]


X, Y = make_moons(160, 0.07)
m = X.shape[1]

dims = [2, 12, 8, 1]
L = len(dims) - 1
params = {}
for l in range(1, L + 1):
    params["W" + str(l)] = np.random.randn(dims[l], dims[l - 1]) * np.sqrt(1.0 / dims[l - 1])
    params["b" + str(l)] = np.zeros((dims[l], 1))


def forward(X):
    A = {0: X}
    for l in range(1, L + 1):
        Z = params["W" + str(l)].dot(A[l - 1]) + params["b" + str(l)]
        if l < L:
            A[l] = np.tanh(Z)
        else:
            A[l] = 1 / (1 + np.exp(-Z))
    return A


learning_rate = 0.6
for i in range(1500):
    A = forward(X)
    cost = -np.mean(Y * np.log(A[L]) + (1 - Y) * np.log(1 - A[L]))

    # go back through the layers, collect the gradients first
    grads = {}
    dZ = A[L] - Y
    for l in range(L, 0, -1):
        grads["W" + str(l)] = dZ.dot(A[l - 1].T) / m
        grads["b" + str(l)] = np.mean(dZ, axis=1, keepdims=True)
        if l > 1:
            dZ = params["W" + str(l)].T.dot(dZ) * (1 - A[l - 1] ** 2)

    for key in params:
        params[key] -= learning_rate * grads[key]

    if i % 150 == 0:
        print("iteration", i, "cost", np.round(cost, 5))

predicted = forward(X)[L] > 0.5
print("training accuracy: %.1f %%" % (100 * np.mean(predicted == Y)))

# /// faultbench
# task = "moons"
# loop = 3
# parameters = ["list(params.values())"]
# loss = "cost"
# ///
