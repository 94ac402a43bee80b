# Ordered grades 0 < 1 < 2 < 3 from two marks.
# One score f(x) and three thresholds:  P(grade > k) = sigmoid(f(x) - theta_k)
import numpy as np

rng = np.random.default_rng(77)

# -- make up some students ------------------------------------------------
n = 180
marks = rng.uniform(0, 100, size=(n, 2))
x = marks.copy()
x -= x.mean(axis=0)
x /= x.std(axis=0)
quality = 0.04 * marks[:, 0] + 0.0006 * marks[:, 1] ** 2
grade = np.digitize(quality, [2.2, 4.4, 6.6])
above = (grade[:, None] > np.arange(3)).astype(float)  # n x 3: is the grade above k?

# -- model ----------------------------------------------------------------
units = 10
w = rng.normal(0, 1, (2, units))
c = rng.normal(0, 0.5, units)
u = rng.normal(0, 1 / np.sqrt(units), units)
theta = np.array([-1.0, 0.0, 1.0])

g2_w = np.zeros_like(w)
g2_c = np.zeros_like(c)
g2_u = np.zeros_like(u)
g2_theta = np.zeros_like(theta)
lr, keep, tiny = 0.04, 0.95, 1e-8
batch = 20

rows = np.arange(n)
for epoch in range(150):
    rng.shuffle(rows)
    for start in range(0, n, batch):
        pick = rows[start:start + batch]
        xb, ab = x[pick], above[pick]

        h = np.tanh(xb @ w + c)
        f = h @ u
        p = 1 / (1 + np.exp(theta - f[:, None]))

        # d loss / d (f - theta_k)
        e = (p - ab) / len(pick)
        d_theta = -e.sum(axis=0)
        d_f = e.sum(axis=1)
        d_u = h.T @ d_f
        d_h = np.outer(d_f, u) * (1 - h * h)
        d_w = xb.T @ d_h
        d_c = d_h.sum(axis=0)

        # rmsprop
        g2_w = keep * g2_w + (1 - keep) * d_w ** 2
        g2_c = keep * g2_c + (1 - keep) * d_c ** 2
        g2_u = keep * g2_u + (1 - keep) * d_u ** 2
        g2_theta = keep * g2_theta + (1 - keep) * d_theta ** 2
        w -= lr * d_w / np.sqrt(g2_w + tiny)
        c -= lr * d_c / np.sqrt(g2_c + tiny)
        u -= lr * d_u / np.sqrt(g2_u + tiny)
        theta -= lr * d_theta / np.sqrt(g2_theta + tiny)

    f_all = np.tanh(x @ w + c) @ u
    p_all = 1 / (1 + np.exp(theta - f_all[:, None]))
    nll = -np.mean(np.sum(above * np.log(p_all + 1e-12) + (1 - above) * np.log(1 - p_all + 1e-12), axis=1))
    if epoch in (0, 1, 2, 5, 10, 20, 50, 100, 149):
        guess = (p_all > 0.5).sum(axis=1)
        print(f"epoch {epoch:3}: nll {nll:.4f}, exact grades {np.mean(guess == grade):.1%}")
print("thresholds", theta.round(2))

# /// faultbench
# task = "ordinal"
# loop = 2
# parameters = ["w", "c", "u", "theta"]
# loss = "nll"
# ///
