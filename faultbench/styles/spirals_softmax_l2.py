import numpy as np

np.random.seed(0)

# three spiral arms
per_class = 60
classes = 3
X, y = [], []
for c in range(classes):
    radius = np.linspace(0.05, 1, per_class)
    theta = 4 * radius + 2 * np.pi * c / classes + np.random.randn(per_class) * 0.1
    X.append(np.stack((radius * np.sin(theta), radius * np.cos(theta)), axis=1))
    y.append(np.full(per_class, c))
X = np.vstack(X)
y = np.hstack(y)
num = X.shape[0]
rows = np.arange(num)

hidden_size = 30
W = np.random.randn(2, hidden_size)
b = np.zeros((1, hidden_size))
V = np.random.randn(hidden_size, classes) * np.sqrt(2.0 / hidden_size)
d = np.zeros((1, classes))

step_size = 0.5
lam = 5e-4  # strength of the L2 penalty (weights only, not the biases)

for it in range(2000):
    relu_out = np.maximum(0, np.dot(X, W) + b)
    scores = np.dot(relu_out, V) + d

    # softmax, shifted so that exp() cannot overflow
    scores -= scores.max(axis=1, keepdims=True)
    e = np.exp(scores)
    probs = e / e.sum(axis=1, keepdims=True)

    data_loss = -np.log(probs[rows, y]).mean()
    reg_loss = 0.5 * lam * (np.sum(W * W) + np.sum(V * V))
    loss = data_loss + reg_loss
    if it % 200 == 0:
        print("it %4d: loss %.4f (data %.4f, reg %.4f)" % (it, loss, data_loss, reg_loss))

    # gradient on the scores: probs minus one-hot
    dscores = probs.copy()
    dscores[rows, y] -= 1
    dscores /= num

    dV = np.dot(relu_out.T, dscores) + lam * V
    dd = np.sum(dscores, axis=0, keepdims=True)
    drelu = np.dot(dscores, V.T)
    drelu[relu_out <= 0] = 0
    dW = np.dot(X.T, drelu) + lam * W
    db = np.sum(drelu, axis=0, keepdims=True)

    W += -step_size * dW
    b += -step_size * db
    V += -step_size * dV
    d += -step_size * dd

guess = np.argmax(np.dot(np.maximum(0, np.dot(X, W) + b), V) + d, axis=1)
print("training accuracy: %.2f" % np.mean(guess == y))

# /// faultbench
# task = "spirals"
# loop = 2
# parameters = ["W", "b", "V", "d"]
# loss = "loss"
# ///
