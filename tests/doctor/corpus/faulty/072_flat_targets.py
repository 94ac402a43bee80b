import numpy as np

np.random.seed(55)
x = np.random.uniform(-3, 3, 90)
y = x * np.exp(-x ** 2 / 2)
X = x.reshape(-1, 1)

W1 = np.random.normal(0, 1, (1, 16))
b1 = np.random.normal(0, 1, (1, 16))
W2 = np.random.normal(0, 0.25, (16, 1))
b2 = np.zeros((1, 1))
lr = 0.1

for n in range(5000):
    hid = np.tanh(X @ W1 + b1)
    out = hid @ W2 + b2
    diff = out - y
    J = np.mean(diff ** 2)
    if n % 500 == 0:
        print("n", n, "J", J)

    d_out = 2 * diff / len(x)
    d_hid = d_out @ W2.T * (1 - hid ** 2)
    W2 = W2 - lr * hid.T @ d_out
    b2 = b2 - lr * d_out.sum(axis=0)
    W1 = W1 - lr * X.T @ d_hid
    b1 = b1 - lr * d_hid.sum(axis=0)

print("J", J)
