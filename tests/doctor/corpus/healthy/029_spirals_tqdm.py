import numpy as np
import matplotlib.pyplot as plt
try:
    from tqdm import trange
except ImportError:
    trange = range      # no progress bar then

# two spirals, targets +1 and -1, least squares
n = 120
t = np.sqrt(np.linspace(0.02, 1, n)) * 3 * np.pi / 2 * 1.2
arm = np.c_[np.cos(t) * t, np.sin(t) * t] / 5
X = np.r_[arm, -arm] + 0.015 * np.random.randn(2 * n, 2)
Y = np.r_[np.ones((n, 1)), -np.ones((n, 1))]

def init(a, b):
    return np.random.randn(a, b) * np.sqrt(1.0 / a)

Ws = [init(2, 40) * 2, init(40, 40), init(40, 1)]
bs = [np.random.randn(1, 40), np.zeros((1, 40)), np.zeros((1, 1))]
m = [np.zeros_like(p) for p in Ws + bs]
v = [np.zeros_like(p) for p in Ws + bs]

def predict(x):
    acts = [x]
    for i in range(3):
        s = acts[-1] @ Ws[i] + bs[i]
        acts.append(np.tanh(s) if i < 2 else s)
    return acts

losses = []
for it in trange(1, 801):
    acts = predict(X)
    err = acts[-1] - Y
    losses.append(0.5 * np.mean(err ** 2))
    delta = err / len(X)
    dWs, dbs = [None] * 3, [None] * 3
    for i in (2, 1, 0):
        dWs[i] = acts[i].T @ delta
        dbs[i] = delta.sum(axis=0, keepdims=True)
        if i:
            delta = (delta @ Ws[i].T) * (1 - acts[i] ** 2)
    params = Ws + bs
    for k, g in enumerate(dWs + dbs):
        m[k] = 0.9 * m[k] + 0.1 * g
        v[k] = 0.99 * v[k] + 0.01 * g * g
        params[k] -= 0.01 * (m[k] / (1 - 0.9 ** it)) / (np.sqrt(v[k] / (1 - 0.99 ** it)) + 1e-8)

acc = np.mean(np.sign(predict(X)[-1]) == Y)
print("loss", losses[-1], "accuracy", acc)

gx, gy = np.meshgrid(np.linspace(-1.3, 1.3, 80), np.linspace(-1.3, 1.3, 80))
zz = predict(np.c_[gx.ravel(), gy.ravel()])[-1].reshape(gx.shape)
fig, ax = plt.subplots(1, 2, figsize=(10, 4))
ax[0].contourf(gx, gy, zz, levels=[-9, 0, 9], alpha=0.3)
ax[0].scatter(X[:, 0], X[:, 1], c=Y[:, 0], s=8)
ax[1].plot(losses)
ax[1].set_yscale("log")
plt.show()
