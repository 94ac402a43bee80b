import numpy as np

np.random.seed(3)
m = 240
r = np.concatenate([np.random.normal(0.5, 0.12, m // 2), np.random.normal(1.2, 0.12, m // 2)])
phi = np.random.uniform(0, 2 * np.pi, m)
X = np.vstack([r * np.cos(phi), r * np.sin(phi)])
Y = np.hstack([np.ones((1, m // 2)), np.zeros((1, m // 2))])

dims = [2, 6, 6, 1]
p = {}
for l in range(1, 4):
    p["W%d" % l] = np.random.randn(dims[l], dims[l - 1]) * np.sqrt(2 / dims[l - 1])
    p["b%d" % l] = np.zeros((dims[l], 1))

alpha = 0.3
for it in range(2500):
    # forward
    c = {"A0": X}
    for l in (1, 2):
        c["Z%d" % l] = p["W%d" % l] @ c["A%d" % (l - 1)] + p["b%d" % l]
        c["A%d" % l] = np.maximum(c["Z%d" % l], 0)
    c["A3"] = 1 / (1 + np.exp(-(p["W3"] @ c["A2"] + p["b3"])))
    J = -np.mean(Y * np.log(c["A3"] + 1e-10) + (1 - Y) * np.log(1 - c["A3"] + 1e-10))

    # backward
    g = {}
    dZ3 = c["A3"] - Y
    g["W3"] = dZ3 @ c["A2"].T / m
    g["b3"] = dZ3.sum(axis=1, keepdims=True) / m
    dZ2 = (p["W3"].T @ dZ3) * (c["Z2"] > 0)
    g["W2"] = dZ2 @ c["A1"].T / m
    g["b2"] = dZ2.sum(axis=1, keepdims=True) / m
    dZ1 = (p["W2"].T @ dZ2) * (c["Z1"] > 0)
    g["W1"] = dZ1 @ X.T / m
    g["b1"] = dZ1.sum(axis=1, keepdims=True) / m

    for key in p:
        p[key] -= alpha * g[key]
    if it % 250 == 0:
        print(it, J)

print("acc", ((c["A3"] > 0.5) == Y).mean())
