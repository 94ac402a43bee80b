import numpy as np

X = np.random.uniform(-2, 2, (256, 1))
y = 3.0 + np.cos(1.5 * X) + 0.5 * X

Wa = np.random.randn(1, 20)
ba = np.random.randn(1, 20) * 0.5
Wb = np.random.randn(20, 1) * 0.2
bb = np.zeros((1, 1))


def predict(x):
    return np.tanh(x @ Wa + ba) @ Wb + bb


def grads(x, t):
    h = np.tanh(x @ Wa + ba)
    out = h @ Wb + bb
    d = 2 * (out - t) / len(x)
    dh = d @ Wb.T * (1 - h ** 2)
    return out, x.T @ dh, dh[:1], h.T @ d, d[:1]


batch = 32
for epoch in range(300):
    idx = np.random.permutation(len(X))
    for s in range(0, len(X), batch):
        xb = X[idx[s:s + batch]]
        yb = y[idx[s:s + batch]]
        out, gWa, gba, gWb, gbb = grads(xb, yb)
        Wa -= 0.05 * gWa
        ba -= 0.05 * gba
        Wb -= 0.05 * gWb
        bb -= 0.05 * gbb
    if epoch % 30 == 0:
        print("epoch", epoch, "mse", np.mean((predict(X) - y) ** 2))
print("end mse", np.mean((predict(X) - y) ** 2))
