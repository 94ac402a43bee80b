import numpy as np
from numpy import einsum

r = np.random.RandomState(14)

# two inputs (i), hidden units (h), two outputs (o), samples (n)
xs = r.uniform(-1.5, 1.5, size=(150, 2))
ys = np.stack([np.sin(2 * xs[:, 0]) + xs[:, 1], xs[:, 0] * xs[:, 1]], axis=1)
ys += 0.03 * r.normal(size=ys.shape)

A = r.normal(scale=1.0, size=(20, 2))
a = r.normal(scale=0.5, size=20)
B = r.normal(scale=0.2, size=(2, 20))
b = np.zeros(2)

theta = [A, a, B, b]
mean_sq = [np.zeros_like(p) for p in theta]
rate, rho, tiny = 0.005, 0.9, 1e-7


def softplus(z):
    return np.logaddexp(0, z)


def logistic(z):  # which is the derivative of softplus
    return 1 / (1 + np.exp(-z))


def model(x):
    z = einsum("hi,ni->nh", A, x) + a
    s = softplus(z)
    return z, s, einsum("oh,nh->no", B, s) + b


for step in range(2000):
    z, s, out = model(xs)
    err = out - ys
    mse = einsum("no,no->", err, err) / err.size

    g_out = 2 * err / err.size
    g_z = einsum("no,oh,nh->nh", g_out, B, logistic(z))
    slopes = [
        einsum("nh,ni->hi", g_z, xs),
        einsum("nh->h", g_z),
        einsum("no,nh->oh", g_out, s),
        einsum("no->o", g_out),
    ]
    for p, q, g in zip(theta, mean_sq, slopes):
        q[...] = rho * q + (1 - rho) * g**2
        p -= rate * g / (np.sqrt(q) + tiny)

    if step % 400 == 0:
        print(f"{step:5d}  mse {mse:.5f}")
print(f" last  mse {mse:.5f}")

probe = np.array([[0.5, -1.0], [-1.0, 0.8], [1.2, 1.2]])
for (u, v), got in zip(probe, model(probe)[2]):
    print(f"want {np.sin(2 * u) + v:+.3f} {u * v:+.3f}   got {got[0]:+.3f} {got[1]:+.3f}")

# /// faultbench
# task = "regression, two outputs"
# loop = 1
# parameters = ["A", "a", "B", "b"]
# loss = "mse"
# ///
