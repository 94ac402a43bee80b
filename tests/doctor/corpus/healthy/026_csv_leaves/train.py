import csv
import os
import numpy as np

here = os.path.dirname(os.path.abspath(__file__))
rows = []
with open(os.path.join(here, "leaves.csv"), newline="") as f:
    reader = csv.DictReader(f)
    for row in reader:
        rows.append(row)

columns = ["length_mm", "width_mm", "stalk_mm", "teeth"]
X = np.array([[float(r[c]) for c in columns] for r in rows])
names = sorted(set(r["tree"] for r in rows))
y = np.array([names.index(r["tree"]) for r in rows])
print(len(X), "leaves of", names)

np.random.seed(8)
shuffle = np.random.permutation(len(X))
X, y = X[shuffle], y[shuffle]
n_train = int(0.8 * len(X))
mean, std = X[:n_train].mean(axis=0), X[:n_train].std(axis=0)
X = (X - mean) / std
X_train, y_train, X_test, y_test = X[:n_train], y[:n_train], X[n_train:], y[n_train:]
T = np.eye(len(names))[y_train]

W1 = np.random.randn(4, 10) * 0.5
b1 = np.zeros(10)
W2 = np.random.randn(10, 3) * 0.3
b2 = np.zeros(3)


def predict(x):
    a1 = 1 / (1 + np.exp(-(np.dot(x, W1) + b1)))
    z2 = np.dot(a1, W2) + b2
    e = np.exp(z2 - z2.max(axis=1, keepdims=True))
    return a1, e / e.sum(axis=1, keepdims=True)


learning_rate = 0.5
for epoch in range(2001):
    a1, out = predict(X_train)
    if epoch % 100 == 0:
        loss = -(T * np.log(out)).sum() / n_train
        accuracy = (predict(X_test)[1].argmax(axis=1) == y_test).mean()
        print("epoch", epoch, "loss", loss, "test accuracy", accuracy)
    d2 = (out - T) / n_train
    d1 = np.dot(d2, W2.T) * a1 * (1 - a1)
    W2 -= learning_rate * np.dot(a1.T, d2)
    b2 -= learning_rate * d2.sum(axis=0)
    W1 -= learning_rate * np.dot(X_train.T, d1)
    b1 -= learning_rate * d1.sum(axis=0)
