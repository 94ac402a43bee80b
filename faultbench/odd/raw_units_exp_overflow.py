# Positions on a table in micrometres, not scaled. np.exp overflows now and
# then and NumPy warns, but 1 / (1 + inf) is 0, which is just what it should be.
import numpy as np

np.random.seed(19)

n = 120
x = np.random.uniform(-2000, 2000, (n, 2))
# push everything away from the axes, so that there is a gap between the classes
x += 400 * np.sign(x)
y = (x[:, :1] * x[:, 1:] > 0) * 1.0

W1 = np.random.randn(2, 24)
b1 = np.zeros((1, 24))
W2 = np.random.randn(24, 1) * 0.3
b2 = np.zeros((1, 1))
lr = 1e-5  # small, because the inputs are large


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


for step in range(2000):
    z1 = x @ W1 + b1
    h = np.maximum(z1, 0)
    z2 = h @ W2 + b2
    p = sigmoid(z2)
    # the cross-entropy from the score itself, so that there is no log(0)
    loss = np.mean(np.logaddexp(0, z2) - y * z2)

    d2 = (p - y) / n
    d1 = np.where(z1 > 0, d2 @ W2.T, 0)
    W2 -= lr * (h.T @ d2)
    b2 -= lr * d2.sum(0)
    W1 -= lr * (x.T @ d1)
    b1 -= lr * d1.sum(0)

    if step % 200 == 0:
        print(step, "loss =", loss)

print("last loss =", loss)
print("points on the right side:", int(((p > 0.5) == (y > 0.5)).sum()), "of", n)

# /// faultbench
# task = "quadrants"
# loop = 1
# parameters = ["W1", "b1", "W2", "b2"]
# loss = "loss"
# ///
