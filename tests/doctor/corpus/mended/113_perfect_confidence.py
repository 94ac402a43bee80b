import numpy as np

np.random.seed(39)
n = 200
messung = np.random.randn(2, n)
seite = np.random.randint(0, 2, (1, n)) * 2 - 1
messung = messung * 0.8 + np.vstack([30 * seite, -20 * seite])
ziel = (seite + 1) / 2

V = np.random.randn(9, 2) * 0.1
v = np.zeros((9, 1))
W = np.random.randn(1, 9) * 0.1
w = np.zeros((1, 1))


def aktiviere(z):
    return 1 / (1 + np.exp(-z))


def kreuzentropie(o, t):
    o = np.clip(o, 1e-12, 1 - 1e-12)
    return -np.mean(t * np.log(o) + (1 - t) * np.log(1 - o))


for runde in range(200):
    reihe = np.random.permutation(n)
    for k in range(0, n, 50):
        x, t = messung[:, reihe[k:k + 50]], ziel[:, reihe[k:k + 50]]
        h = np.maximum(0, V @ x + v)
        o = aktiviere(W @ h + w)
        d = (o - t) / x.shape[1]
        e = W.T @ d * (h > 0)
        W -= 0.5 * d @ h.T
        w -= 0.5 * d.sum(axis=1, keepdims=True)
        V -= 0.5 * e @ x.T
        v -= 0.5 * e.sum(axis=1, keepdims=True)
    vorhersage = aktiviere(W @ np.maximum(0, V @ messung + v) + w)
    if runde % 20 == 0:
        print("Runde", runde, "Kreuzentropie", kreuzentropie(vorhersage, ziel), "richtig", np.mean((vorhersage > 0.5) == ziel))
