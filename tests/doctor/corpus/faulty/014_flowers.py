import numpy as np

rs = np.random.RandomState(42)

# 3 kinds of flowers, 4 measurements each
means = np.array([[5.0, 3.4, 1.5, 0.3], [5.9, 2.8, 4.3, 1.3], [6.6, 3.0, 5.5, 2.0]])
X = np.vstack([mu + rs.randn(50, 4) * 0.35 for mu in means])
X = (X - X.mean(axis=0)) / X.std(axis=0)
y = np.repeat(np.arange(3), 50)
T = np.zeros((150, 3))
T[np.arange(150), y] = 1

W1 = rs.randn(4, 3)
b1 = np.zeros(3)
W2 = rs.randn(3, 3)
b2 = np.zeros(3)


def forward():
    global h, p
    h = 1 / (1 + np.exp(-(X.dot(W1) + b1)))
    z = h.dot(W2) + b2
    z = np.exp(z - z.max(axis=1)[:, None])
    p = z / z.sum(axis=1)[:, None]
    return -np.sum(T * np.log(p)) / len(X)


def backward():
    global dW1, db1, dW2, db2
    delta2 = (p - T) / len(X)
    dW2 = h.T.dot(delta2)
    db2 = delta2.sum(axis=0)
    delta1 = delta2.dot(W2) * h * (1 - h)
    dW1 = X.T.dot(delta1)
    db1 = delta1.sum(axis=0)


def update(rate):
    global W1, b1, W2, b2
    W1 = W1 - rate * dW1
    b1 = b1 - rate * db1
    W2 = W2 - rate * dW2
    b2 = b2 - rate * db2


for e in range(1000):
    loss = forward()
    backward()
    update(0.5)
    if e % 100 == 0:
        print(e, loss, (p.argmax(axis=1) == y).mean())
