import numpy as np

# fit y = x^2 from noisy points, using mean absolute error
gen = np.random.default_rng(5)
N, BATCH, HIDDEN = 160, 20, 16

x = gen.uniform(-2, 2, size=(N, 1))
y = x**2 + 0.05 * gen.standard_normal((N, 1))

params = [
    gen.normal(0, 1.0, (1, HIDDEN)),
    np.zeros(HIDDEN),
    gen.normal(0, 1.0 / np.sqrt(HIDDEN), (HIDDEN, 1)),
    np.zeros(1),
]
velocity = [np.zeros_like(p) for p in params]
mu = 0.9


def predict(inp):
    W1, b1, W2, b2 = params
    return np.tanh(inp @ W1 + b1) @ W2 + b2


epochs = 400
for epoch in range(epochs):
    rate = 0.01 * (1 - epoch / epochs)  # the sign never gets small, so the rate has to
    perm = gen.permutation(N)
    abs_error = 0.0

    for start in range(0, N, BATCH):
        pick = perm[start : start + BATCH]
        xb, yb = x[pick], y[pick]

        W1, b1, W2, b2 = params
        hid = np.tanh(xb @ W1 + b1)
        diff = hid @ W2 + b2 - yb
        abs_error += np.abs(diff).sum()

        d_out = np.sign(diff) / BATCH
        d_hid = (d_out @ W2.T) * (1 - hid**2)
        grads = [xb.T @ d_hid, d_hid.sum(0), hid.T @ d_out, d_out.sum(0)]

        for p, v, g in zip(params, velocity, grads):
            v *= mu
            v -= rate * g
            p += v

    mae = abs_error / N
    if epoch % 50 == 0 or epoch == epochs - 1:
        print("epoch", epoch, "MAE", round(float(mae), 4))

print("\n    x     x^2     net")
grid = np.linspace(-1.8, 1.8, 7).reshape(-1, 1)
for a, b in zip(grid[:, 0], predict(grid)[:, 0]):
    print(f"{a:6.2f}  {a * a:6.3f}  {b:6.3f}")

# /// faultbench
# task = "regression, parabola"
# loop = 2
# parameters = ["params"]
# loss = "mae"
# ///
