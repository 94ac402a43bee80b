import numpy as np

rng = np.random.default_rng(5)
x = np.sort(rng.uniform(-3, 3, (100, 1)), axis=0)
y = np.abs(x) - 1 + 0.05 * rng.normal(size=(100, 1))

P = {
    "W1": rng.normal(0, 0.7, (1, 12)), "b1": rng.normal(0, 0.5, 12),
    "W2": rng.normal(0, 0.3, (12, 12)), "b2": np.zeros(12),
    "W3": rng.normal(0, 0.3, (12, 1)), "b3": np.zeros(1),
}


def model(x):
    h1 = np.tanh(x @ P["W1"] + P["b1"])
    h2 = h1
    return h1, h2, h2 @ P["W3"] + P["b3"]


def gradient(x, y, h1, h2, out):
    d3 = 2 * (out - y) / len(x)
    g = {"W3": h2.T @ d3, "b3": d3.sum(0)}
    d2 = d3 @ P["W3"].T
    d1 = d2 * (1 - h1 ** 2)
    g["W1"], g["b1"] = x.T @ d1, d1.sum(0)
    return g


for step in range(4000):
    h1, h2, out = model(x)
    cost = np.mean((out - y) ** 2)
    for name, grad in gradient(x, y, h1, h2, out).items():
        P[name] -= 0.1 * grad
    if step % 400 == 0:
        print("step", step, "cost", cost)
print("weights:", {k: v.shape for k, v in P.items()}, "cost", cost)
