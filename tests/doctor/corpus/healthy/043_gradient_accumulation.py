import numpy as np

# The gradient is summed over ACCUM small batches, then one step is made and it is set to zero again.
BATCH = 16
ACCUM = 4
LR = 0.3
EPOCHS = 60


def make_blobs(n):
    centers = np.array([[np.cos(a), np.sin(a)] for a in 2 * np.pi * np.arange(5) / 5]) * 2
    label = np.random.randint(5, size=n)
    return centers[label] + np.random.randn(n, 2) * 0.35, label


class Parameter:
    def __init__(self, value):
        self.value = value
        self.grad = np.zeros_like(value)


def forward(X):
    hidden = np.tanh(X @ W1.value + b1.value)
    logits = hidden @ W2.value + b2.value
    logits = logits - logits.max(axis=1, keepdims=True)
    probs = np.exp(logits)
    return hidden, probs / probs.sum(axis=1, keepdims=True)


def accumulate(X, y):
    """forward and backward for one small batch, adds to the .grad of all parameters"""
    hidden, probs = forward(X)
    loss = -np.log(probs[np.arange(len(y)), y]).mean()
    d_logits = probs.copy()
    d_logits[np.arange(len(y)), y] -= 1
    d_logits /= len(y) * ACCUM
    W2.grad += hidden.T @ d_logits
    b2.grad += d_logits.sum(axis=0)
    d_hidden = (d_logits @ W2.value.T) * (1 - hidden ** 2)
    W1.grad += X.T @ d_hidden
    b1.grad += d_hidden.sum(axis=0)
    return loss


X, y = make_blobs(640)
W1 = Parameter(np.random.randn(2, 20))
b1 = Parameter(np.zeros(20))
W2 = Parameter(np.random.randn(20, 5) * 0.2)
b2 = Parameter(np.zeros(5))
all_parameters = [W1, b1, W2, b2]

count = 0
for epoch in range(EPOCHS):
    epoch_loss = 0.0
    order = np.random.permutation(len(X))
    for start in range(0, len(X), BATCH):
        rows = order[start:start + BATCH]
        epoch_loss += accumulate(X[rows], y[rows])
        count += 1
        if count % ACCUM == 0:
            for p in all_parameters:
                p.value -= LR * p.grad
                p.grad.fill(0)
    epoch_loss /= len(X) // BATCH
    if epoch % 10 == 0:
        print(f"epoch {epoch:2d}  loss {epoch_loss:.4f}")

test_X, test_y = make_blobs(300)
accuracy = (forward(test_X)[1].argmax(axis=1) == test_y).mean()
print("test accuracy", accuracy)
