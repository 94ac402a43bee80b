import numpy as np


def sigmoid(x):
    return 1.0 / (1.0 + np.exp(-x))


def sigmoid_prime(x):
    return sigmoid(x) * (1.0 - sigmoid(x))


def loss_fn(pred, target):
    return 0.5 * np.sum((pred - target) ** 2)


def forward(x, w_h, b_h, w_o, b_o):
    h = sigmoid(np.dot(x, w_h) + b_h)
    o = sigmoid(np.dot(h, w_o) + b_o)
    return h, o


def gradients(x, t, h, o, w_o):
    d_o = (o - t) * o * (1.0 - o)
    d_h = np.dot(d_o, w_o.T) * h * (1.0 - h)
    return np.dot(x.T, d_h), np.sum(d_h, axis=0), np.dot(h.T, d_o), np.sum(d_o, axis=0)


def train(x, t, n_hidden, iterations, rate):
    w_h = np.random.randn(x.shape[1], n_hidden)
    b_h = np.zeros(n_hidden)
    w_o = np.random.randn(n_hidden, t.shape[1])
    b_o = np.zeros(t.shape[1])
    for it in range(iterations):
        h, o = forward(x, w_h, b_h, w_o, b_o)
        loss = loss_fn(o, t)
        g_wh, g_bh, g_wo, g_bo = gradients(x, t, h, o, w_o)
        w_h -= rate * g_wh
        b_h -= rate * g_bh
        w_o -= rate * g_wo
        b_o -= rate * g_bo
        if it % 1000 == 0:
            print("iteration %d loss %.5f" % (it, loss))
    return w_h, b_h, w_o, b_o


inputs = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], dtype=float)
targets = np.array([[0], [1], [1], [0]], dtype=float)
params = train(inputs, targets, 4, 15000, 0.5)
print(forward(inputs, *params)[1])
