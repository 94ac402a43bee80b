import numpy as np

rng = np.random.default_rng(6)

N = 80
x = np.linspace(-np.pi, np.pi, N)[:, None]
t = np.sin(x) + rng.normal(scale=0.05, size=x.shape)

nh = 12
Wi = rng.normal(size=(1, nh))
bi = rng.normal(size=(nh,))
Wo = rng.normal(size=(nh, 1)) / np.sqrt(nh)
bo = np.zeros(1)

eta = 0.1
n_iter = 3000
for k in range(n_iter):
    a = np.tanh(x * Wi + bi)  # (N, 1) * (1, nh) broadcasts to (N, nh)
    out = a.dot(Wo) + bo
    r = out - t
    mse = (r**2).mean()

    dout = 2 * r / N
    dpre = dout * Wo.T * (1 - a**2)
    Wo, bo, Wi, bi = (
        Wo - eta * a.T.dot(dout),
        bo - eta * dout.sum(axis=0),
        Wi - eta * x.T.dot(dpre),
        bi - eta * dpre.sum(axis=0),
    )

    if k % 300 == 0 or k == n_iter - 1:
        print(k, mse)

print()
print("   x      sin(x)   net")
for xx in (-3.0, -1.5, 0.0, 1.5, 3.0):
    guess = np.tanh(xx * Wi + bi).dot(Wo) + bo
    print("%5.1f   %7.3f  %7.3f" % (xx, np.sin(xx), guess[0, 0]))

# /// faultbench
# task = "regression"
# loop = 1
# parameters = ["Wi", "bi", "Wo", "bo"]
# loss = "mse"
# ///
