import numpy as np

P = np.random.uniform(-1.5, 1.5, size=(150, 2))
T = (np.hypot(P[:, 0], P[:, 1]) > 1).astype(float)[:, np.newaxis]

A = np.random.randn(2, 7)
a = np.zeros(7)
B = np.random.randn(7, 1)
b = np.zeros(1)

k = 0
while True:
    hid = np.tanh(P @ A + a)
    out = 1 / (1 + np.exp(-(hid @ B + b)))
    err = np.square(out - T)
    if k % 250 == 0:
        print("step", k, "error", err.mean())

    g_out = 2 * (out - T) * out * (1 - out) / len(P)
    g_hid = g_out @ B.T * (1 - hid ** 2)
    B -= 2.0 * hid.T @ g_out
    b -= 2.0 * g_out.sum(axis=0)
    A -= 2.0 * P.T @ g_hid
    a -= 2.0 * g_hid.sum(axis=0)

    k += 1
    if err.mean() < 0.01 or k == 4000:
        break

print("stopped after", k, "steps with error", err.mean())
