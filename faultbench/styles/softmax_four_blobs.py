import numpy as np

rng = np.random.default_rng(21)

# four clouds of points, one around each corner of a square
centres = np.array([[2.0, 2.0], [-2.0, 2.0], [-2.0, -2.0], [2.0, -2.0]])
labels = np.repeat(np.arange(4), 50)
points = centres[labels] + rng.normal(scale=0.7, size=(200, 2))

order = rng.permutation(200)
points, labels = points[order], labels[order]
train_x, test_x = points[:150], points[150:]
train_y, test_y = labels[:150], labels[150:]


def log_softmax(scores):
    shifted = scores - scores.max(axis=1)[:, np.newaxis]
    return shifted - np.log(np.exp(shifted).sum(axis=1))[:, np.newaxis]


# without a hidden layer the problem is convex, so zeros are a fine start
weights = np.zeros((2, 4))
bias = np.zeros(4)
rows = np.arange(len(train_x))
lr = 0.5

step = 0
while step < 1500:
    logp = log_softmax(train_x @ weights + bias)
    loss = -logp[rows, train_y].mean()

    # gradient w.r.t. the scores: probabilities, minus one at the right class
    grad = np.exp(logp)
    grad[rows, train_y] -= 1
    grad /= len(rows)

    weights -= lr * (train_x.T @ grad)
    bias -= lr * grad.sum(axis=0)

    if step % 300 == 0:
        print(f"step {step}  loss {loss:.4f}")
    step += 1

print(f"final loss {loss:.4f}")
guess = (test_x @ weights + bias).argmax(axis=1)
print(f"test accuracy {(guess == test_y).mean():.3f}")

# /// faultbench
# task = "softmax regression, four blobs"
# loop = 1
# parameters = ["weights", "bias"]
# loss = "loss"
# ///
