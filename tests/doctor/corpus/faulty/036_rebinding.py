import numpy as np

np.random.seed(0)

# 3-armed spiral
n_per = 60
X = np.zeros((3 * n_per, 2))
Y = np.zeros((3 * n_per, 3))
for c in range(3):
    radius = np.linspace(0.05, 1, n_per)
    turn = np.linspace(c * 2.1, c * 2.1 + 3.2, n_per) + np.random.randn(n_per) * 0.1
    X[c * n_per:(c + 1) * n_per] = np.c_[radius * np.sin(turn), radius * np.cos(turn)]
    Y[c * n_per:(c + 1) * n_per, c] = 1

sizes = [2, 24, 24, 3]
W = [np.random.randn(a, b) * np.sqrt(2.0 / a) for a, b in zip(sizes[:-1], sizes[1:])]
B = [np.zeros((1, b)) for b in sizes[1:]]


def forward(x):
    acts = [x]
    for k, (w, b) in enumerate(zip(W, B)):
        z = acts[-1] @ w + b
        acts.append(np.maximum(z, 0) if k < len(W) - 1 else z)
    e = np.exp(acts[-1] - acts[-1].max(axis=1, keepdims=True))
    return acts, e / e.sum(axis=1, keepdims=True)


lr = 0.5
for epoch in range(1200):
    acts, P = forward(X)
    loss = -np.mean(np.log(P[Y == 1]))
    gW, gB = [None] * 3, [None] * 3
    d = (P - Y) / len(X)
    for k in range(2, -1, -1):
        gW[k] = acts[k].T @ d
        gB[k] = d.sum(axis=0, keepdims=True)
        d = d @ W[k].T * (acts[k] > 0)
    for w, g in zip(W, gW):
        w = w - lr * g
    for b, g in zip(B, gB):
        b = b - lr * g
    if epoch % 100 == 0:
        print(f"epoch {epoch:5d}  loss {loss:.4f}  acc {np.mean(P.argmax(1) == Y.argmax(1)):.2f}")
