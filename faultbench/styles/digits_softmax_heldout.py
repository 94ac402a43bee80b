"""Classify noisy 5x7 digits with one hidden layer and softmax."""

import numpy as np

np.random.seed(42)

GLYPHS = [
    "01110 10001 10011 10101 11001 10001 01110",  # 0
    "00100 01100 00100 00100 00100 00100 01110",  # 1
    "01110 10001 00001 00010 00100 01000 11111",  # 2
    "11111 00010 00100 00010 00001 10001 01110",  # 3
    "00010 00110 01010 10010 11111 00010 00010",  # 4
    "11111 10000 11110 00001 00001 10001 01110",  # 5
    "00110 01000 10000 11110 10001 10001 01110",  # 6
    "11111 00001 00010 00100 01000 01000 01000",  # 7
    "01110 10001 10001 01110 10001 10001 01110",  # 8
    "01110 10001 10001 01111 00001 00010 01100",  # 9
]


def load_data(copies, noise):
    clean = np.array([[int(ch) for ch in g.replace(" ", "")] for g in GLYPHS])
    images = np.repeat(clean, copies, axis=0)
    labels = np.repeat(np.arange(10), copies)
    return images + noise * np.random.randn(*images.shape), labels


def init_weights(n_in, n_hidden, n_out):
    return (
        np.random.randn(n_in, n_hidden) / np.sqrt(n_in),
        np.zeros(n_hidden),
        np.random.randn(n_hidden, n_out) / np.sqrt(n_hidden),
        np.zeros(n_out),
    )


def softmax(z):
    e = np.exp(z - np.max(z, axis=1, keepdims=True))
    return e / np.sum(e, axis=1, keepdims=True)


def predict(x, weights):
    W1, b1, W2, b2 = weights
    h = np.tanh(np.matmul(x, W1) + b1)
    return h, softmax(np.matmul(h, W2) + b2)


def nll(x, onehot, weights):
    _, p = predict(x, weights)
    return -np.sum(onehot * np.log(p)) / len(x)


def sgd_step(x, onehot, weights, lr):
    W1, b1, W2, b2 = weights
    h, p = predict(x, weights)
    dlogits = (p - onehot) / len(x)
    dpre = np.matmul(dlogits, W2.T) * (1 - h**2)
    W2 -= lr * np.matmul(h.T, dlogits)
    b2 -= lr * np.sum(dlogits, axis=0)
    W1 -= lr * np.matmul(x.T, dpre)
    b1 -= lr * np.sum(dpre, axis=0)


def accuracy(x, labels, weights):
    return np.mean(np.argmax(predict(x, weights)[1], axis=1) == labels)


def main():
    images, labels = load_data(copies=30, noise=0.25)
    mix = np.random.permutation(len(images))
    images, labels = images[mix], labels[mix]
    x_train, t_train = images[:220], labels[:220]
    x_test, t_test = images[220:], labels[220:]
    weights = init_weights(35, 20, 10)

    for epoch in range(80):
        shuffled = np.random.permutation(len(x_train))
        x_train, t_train = x_train[shuffled], t_train[shuffled]
        onehot = np.eye(10)[t_train]
        for i in range(0, len(x_train), 10):
            sgd_step(x_train[i : i + 10], onehot[i : i + 10], weights, lr=0.1)
        train_loss = nll(x_train, onehot, weights)
        if epoch % 10 == 9:
            print(
                "epoch {:2d} | train loss {:.4f} | test accuracy {:.3f}".format(
                    epoch + 1, train_loss, accuracy(x_test, t_test, weights)
                )
            )


main()

# /// faultbench
# task = "digits"
# loop = 2
# parameters = ["list(weights)"]
# loss = "train_loss"
# ///
