import numpy as np

rng = np.random.default_rng(11)

# ---- data: two interleaving half circles ----
n = 100  # points per moon
t0 = rng.uniform(0, np.pi, n)
t1 = rng.uniform(0, np.pi, n)
upper = np.column_stack([np.cos(t0), np.sin(t0)])
lower = np.column_stack([1 - np.cos(t1), 0.5 - np.sin(t1)])
X = np.concatenate([upper, lower]) + 0.06 * rng.standard_normal((2 * n, 2))
y = np.concatenate([np.zeros(n), np.ones(n)]).reshape(-1, 1)

# hold out a quarter of the points
order = rng.permutation(2 * n)
train, test = order[:150], order[150:]
Xtr, ytr = X[train], y[train]
Xte, yte = X[test], y[test]

# ---- network 2 -> 24 (relu) -> 1 (sigmoid), He initialisation ----
H = 24
w1 = rng.standard_normal((2, H))  # sqrt(2 / 2) is 1
c1 = 0.5 * rng.standard_normal(H)
w2 = rng.standard_normal((H, 1)) * np.sqrt(2 / H)
c2 = np.zeros(1)

alpha, batch_size, epochs = 0.3, 25, 250

for epoch in range(epochs):
    perm = rng.permutation(len(Xtr))
    bce_sum = 0.0
    for start in range(0, len(Xtr), batch_size):
        pick = perm[start : start + batch_size]
        xb, yb = Xtr[pick], ytr[pick]

        z1 = xb @ w1 + c1
        a1 = np.maximum(z1, 0)
        p = 1 / (1 + np.exp(-(a1 @ w2 + c2)))
        bce_sum -= np.sum(yb * np.log(p) + (1 - yb) * np.log(1 - p))

        g2 = (p - yb) / len(xb)  # sigmoid + cross-entropy
        g1 = (g2 @ w2.T) * (z1 > 0)

        w2 -= alpha * a1.T @ g2
        c2 -= alpha * g2.sum(axis=0)
        w1 -= alpha * xb.T @ g1
        c1 -= alpha * g1.sum(axis=0)

    loss = bce_sum / len(Xtr)
    if (epoch + 1) % 25 == 0:
        print(f"epoch {epoch + 1}: loss={loss:.4f}")

p_test = 1 / (1 + np.exp(-(np.maximum(Xte @ w1 + c1, 0) @ w2 + c2)))
print("test accuracy:", np.mean((p_test > 0.5) == (yte == 1)))

# /// faultbench
# task = "moons"
# loop = 2
# parameters = ["w1", "c1", "w2", "c2"]
# loss = "loss"
# ///
