import numpy as np

# linear SVM by (sub)gradient descent, labels are -1 / +1

N = 150
X = np.concatenate([np.random.randn(N, 2) + [2, 2], np.random.randn(N, 2) - [2, 2]])
t = np.concatenate([np.ones(N), -np.ones(N)])

C = 0.01        # strength of the regulariser
lr = 0.1
w = 0.01 * np.random.randn(2)
b = 0.

def hinge(w, b):
    margin = t * (X @ w + b)
    return np.maximum(0, 1 - margin).mean() + 0.5 * C * w @ w

for it in range(800):
    margin = t * (X @ w + b)
    loss = np.maximum(0, 1 - margin).mean() + 0.5 * C * w @ w
    inside = margin < 1                      # only these push
    gw = -(t * inside) @ X / len(X) + C * w
    gb = -(t * inside).mean()
    w = w - lr * gw
    b = b - lr * gb
    if it % 100 == 0:
        print(it, "hinge loss", loss, "points inside the margin", inside.sum())

pred = np.where(X @ w + b > 0, 1, -1)
print("final", hinge(w, b), "accuracy", (pred == t).mean())
