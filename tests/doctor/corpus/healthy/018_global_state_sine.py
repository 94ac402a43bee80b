import numpy as np
import matplotlib.pyplot as plt

xs = np.linspace(-3, 3, 80).reshape(-1, 1)
ys = np.sin(1.5 * xs)

HID = 24
w1 = np.random.uniform(-1, 1, (1, HID)) * 1.5
b1 = np.random.uniform(-2, 2, (1, HID))
w2 = np.random.uniform(-1, 1, (HID, 1)) / np.sqrt(HID)
b2 = np.zeros((1, 1))

hidden = None
out = None
lr = 0.05


def forward(x):
    global hidden, out
    hidden = np.tanh(x.dot(w1) + b1)
    out = hidden.dot(w2) + b2
    return out


def backward(x, y):
    global g_w1, g_b1, g_w2, g_b2
    d = 2.0 * (out - y) / x.shape[0]
    g_w2 = hidden.T.dot(d)
    g_b2 = d.sum(axis=0, keepdims=True)
    dh = d.dot(w2.T) * (1.0 - hidden ** 2)
    g_w1 = x.T.dot(dh)
    g_b1 = dh.sum(axis=0, keepdims=True)


def update():
    global w1, b1, w2, b2
    w1 = w1 - lr * g_w1
    b1 = b1 - lr * g_b1
    w2 = w2 - lr * g_w2
    b2 = b2 - lr * g_b2


def mse():
    return np.mean((out - ys) ** 2)


losses = []
for epoch in range(10000):
    forward(xs)
    losses.append(mse())
    backward(xs, ys)
    update()
    if epoch % 1000 == 0:
        print("epoch", epoch, "mse", losses[-1])

plt.figure()
plt.plot(xs, ys, label="sine")
plt.plot(xs, forward(xs), "--", label="net")
plt.legend()
plt.figure()
plt.semilogy(losses)
plt.show()
