import numpy as np

rng = np.random.default_rng()
X = rng.normal(size=(220, 2))
labels = np.digitize(np.hypot(X[:, 0], X[:, 1]), [0.8, 1.5])
T = np.eye(3)[labels]

w = {"W1": rng.normal(size=(2, 18)), "b1": np.zeros(18), "W2": rng.normal(size=(18, 3)) * 0.3, "b2": np.zeros(3)}
velocity = {k: np.zeros_like(v) for k, v in w.items()}


def forward_backward(w):
    h = np.maximum(0, X @ w["W1"] + w["b1"])
    s = h @ w["W2"] + w["b2"]
    e = np.exp(s - s.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    cost = -np.mean(np.sum(T * np.log(p + 1e-12), axis=1))
    ds = (p - T) / len(X)
    dh = ds @ w["W2"].T * (h > 0)
    return p, cost, {"W1": X.T @ dh, "b1": dh.sum(axis=0), "W2": h.T @ ds, "b2": ds.sum(axis=0)}


def momentum_step(w, g, lr=0.05, beta=0.9):
    for k in w:
        velocity[k] = beta * velocity[k] - lr * g[k]
        w[k] = w[k] - velocity[k]


for i in range(1, 1201):
    p, cost, g = forward_backward(w)
    momentum_step(w, g)
    if i % 120 == 0:
        print("step", i, "cost", cost, "accuracy", np.mean(p.argmax(axis=1) == labels))
