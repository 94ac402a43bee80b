import numpy as np

# three classes around a ring
N = 60
centers = [(0, 1.5), (1.3, -0.75), (-1.3, -0.75)]
X = np.concatenate([np.random.randn(N, 2) * 0.9 + c for c in centers])
labels = np.repeat([0, 1, 2], N)
Y = np.eye(3)[labels]

W1 = np.random.randn(2, 10) * 0.5
b1 = np.zeros((1, 10))
W2 = np.random.randn(10, 3) * 0.5
b2 = np.zeros((1, 3))
lr = 0.3

for step in range(600):
    Z1 = X.dot(W1) + b1
    A1 = np.maximum(0, Z1)
    scores = A1.dot(W2) + b2
    scores -= scores.max(axis=1, keepdims=True)
    probs = np.exp(scores)
    probs /= probs.sum(axis=1, keepdims=True)
    loss = -np.mean(np.log(probs[np.arange(len(X)), labels]))

    dscores = (probs - Y) / len(X)
    dW2 = A1.T.dot(dscores)
    db2 = dscores.sum(axis=0, keepdims=True)
    dA1 = dscores.dot(W2.T)
    dZ1 = dA1 * (A1 > 0)
    dW1 = X.T.dot(dZ1)
    db1 = dZ1.sum(axis=0, keepdims=True)

    W1 -= lr * dW1
    b1 -= lr * db1
    W2 -= lr * dW2
    b2 -= lr * db2

    if step % 50 == 0:
        acc = np.mean(probs.argmax(axis=1) == labels)
        print(f"{step:4d} loss {loss:.4f} acc {acc:.3f}")
