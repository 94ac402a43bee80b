import numpy as np

rng = np.random.default_rng()
x = rng.uniform(-2, 2, (150, 1))
y = np.cos(2 * x) + 0.3 * x + 0.05 * rng.normal(size=x.shape)

net = {
    "hidden": {"w": rng.normal(0, 1.5, (1, 20)), "b": rng.normal(0, 1, 20)},
    "out": {"w": rng.normal(0, 0.2, (20, 1)), "b": np.zeros(1)},
}


def forward(net, x):
    h = np.tanh(x @ net["hidden"]["w"] + net["hidden"]["b"])
    return h, h @ net["out"]["w"] + net["out"]["b"]


previous = np.inf
steps = 0
while True:
    h, out = forward(net, x)
    cost = np.mean((out - y) ** 2)
    if previous - cost < 1e-7 or steps == 10000:
        print("converged after", steps, "steps")
        break
    previous = cost

    d = 2 * (out - y) / len(x)
    dh = d @ net["out"]["w"].T * (1 - h ** 2)
    net["out"]["w"] -= 0.03 * h.T @ d
    net["out"]["b"] -= 0.03 * d.sum(axis=0)
    net["hidden"]["w"] -= 0.03 * x.T @ dh
    net["hidden"]["b"] -= 0.03 * dh.sum(axis=0)
    steps += 1

print("cost", cost)
