import numpy as np

rng = np.random.RandomState(12)
half = 200
th = rng.rand(half) * np.pi
X = np.r_[np.c_[np.cos(th), np.sin(th)], np.c_[1 - np.cos(th), 0.4 - np.sin(th)]] + 0.1 * rng.randn(400, 2)
T = np.r_[np.ones((half, 1)), np.zeros((half, 1))]

sizes = (2, 12, 12, 1)
W = [rng.randn(i, o) * np.sqrt(1 / i) for i, o in zip(sizes, sizes[1:])]
b = [np.zeros(o) for o in sizes[1:]]
f = [np.tanh, np.tanh, lambda z: 1 / (1 + np.exp(-z))]
bs, eta = 20, 0.3


def forward(x):
    acts = [x]
    for k in range(3):
        acts.append(f[k](acts[k] @ W[k] + b[k]))
    return acts


for epoch in range(60):
    perm = rng.permutation(400)
    for s in range(0, 400, bs):
        xb = X[perm[s:s + bs]]
        tb = T[perm[s:s + bs]]
        acts = forward(xb)
        d = (acts[3] - tb) / bs
        for k in (2, 1, 0):
            gW, gb = acts[k].T @ d, d.sum(axis=0)
            if k:
                d = d @ W[k].T * (1 - acts[k] ** 2)
            W[k] -= eta * gW
            b[k] -= eta * gb
    err = np.mean((forward(X)[3] - T) ** 2)
    if epoch % 6 == 0:
        print("epoch", epoch, "error", err)
