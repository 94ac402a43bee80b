import numpy as np

np.random.seed(7)

# the four rows of XOR, the targets are flat: one number per row
X = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], dtype=float)
y = np.array([0.0, 1.0, 1.0, 0.0])

n_hidden = 6
lr = 2.0

# w2 is a vector on purpose, so that the output has shape (4,) like y
W1 = np.random.uniform(-2, 2, (2, n_hidden))
b1 = np.random.uniform(-1, 1, n_hidden)
w2 = np.random.uniform(-2, 2, n_hidden)
b2 = np.zeros(1)


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def train_step():
    global W1, b1, w2, b2

    def forward():
        h = sigmoid(X.dot(W1) + b1)
        return h, sigmoid(h.dot(w2) + b2)

    def cross_entropy(p):
        return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))

    def backward(h, p):
        dz2 = (p - y) / len(y)
        dz1 = np.outer(dz2, w2) * h * (1 - h)
        return X.T.dot(dz1), dz1.sum(axis=0), h.T.dot(dz2), dz2.sum()

    h, p = forward()
    dW1, db1, dw2, db2 = backward(h, p)
    W1 = W1 - lr * dW1
    b1 = b1 - lr * db1
    w2 = w2 - lr * dw2
    b2 = b2 - lr * db2
    return cross_entropy(p)


for step in range(3000):
    loss = train_step()
    if step % 500 == 0:
        print("step", step, "loss", loss)

print("final loss", loss)
p = sigmoid(sigmoid(X.dot(W1) + b1).dot(w2) + b2)
for row, target, guess in zip(X, y, p):
    print(row, "wanted", target, "got", round(float(guess), 3))

# /// faultbench
# task = "xor"
# loop = 1
# parameters = ["W1", "b1", "w2", "b2"]
# loss = "loss"
# ///
