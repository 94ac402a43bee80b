import numpy as np

rng = np.random.default_rng()
x = rng.uniform(-1, 1, (128, 3))
y = np.sin(3 * x[:, [0]]) * x[:, [1]] - x[:, [2]] ** 2

p = {"A": rng.normal(size=(3, 24)), "a": rng.normal(size=24), "B": rng.normal(size=(24, 1)) * 0.2, "b": np.zeros(1)}
m, v = {}, {}
for k in p:
    m[k], v[k] = np.zeros_like(p[k]), np.zeros_like(p[k])


def loss_and_gradient(p):
    h = np.tanh(x @ p["A"] + p["a"])
    out = h @ p["B"] + p["b"]
    d = 2 * (out - y) / len(x)
    e = d @ p["B"].T * (1 - h ** 2)
    return np.mean((out - y) ** 2), {"A": x.T @ e, "a": e.sum(0), "B": h.T @ d, "b": d.sum(0)}


def adam(p, g, t, lr=0.01, beta1=0.9, beta2=0.999, eps=1e-8):
    for k in p:
        m[k] *= beta1
        m[k] += (1 - beta1) * g[k]
        v[k] *= beta2
        v[k] += (1 - beta2) * g[k] ** 2
        m_hat = m[k] / (1 - beta1 ** t)
        v_hat = v[k] / (1 - beta2 ** t)
        p[k] -= lr * m_hat / (np.sqrt(np.abs(v_hat)) + eps)


for it in range(1, 1501):
    loss, g = loss_and_gradient(p)
    adam(p, g, it)
    if it % 150 == 0:
        print("it", it, "loss", loss)
