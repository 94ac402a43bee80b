"""Logistic regression from scratch, two gaussian blobs."""
import numpy as np

rng = np.random.RandomState(3)
n = 200
pos = rng.normal(loc=(1.5, 1.0), scale=0.8, size=(n, 2))
neg = rng.normal(loc=(-1.0, -0.5), scale=0.8, size=(n, 2))
X = np.vstack([pos, neg])
y = np.concatenate([np.ones(n), np.zeros(n)])


def sigmoid(z):
    return 1.0 / (1.0 + np.exp(-z))


def predict_proba(X, w, b):
    return sigmoid(X @ w + b)


def predict(X, w, b):
    return (predict_proba(X, w, b) >= 0.5).astype(int)


def log_loss(p, y):
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))


# zeros are fine here, there is no hidden layer
w = np.zeros(2)
b = 0.0
learning_rate = 0.3

for epoch in range(2000):
    p = predict_proba(X, w, b)
    loss = log_loss(p, y)
    error = p - y
    grad_w = X.T @ error / len(y)
    grad_b = error.mean()
    w -= learning_rate * grad_w
    b -= learning_rate * grad_b
    if epoch % 200 == 0:
        print(f"epoch {epoch:5d}  loss {loss:.4f}")

accuracy = np.mean(predict(X, w, b) == y)
print("weights", w, "bias", b)
print("training accuracy", accuracy)
