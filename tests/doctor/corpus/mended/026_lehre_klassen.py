import numpy as np

np.random.seed(6)

mitten = np.array([[2.0, 1.0], [-1.5, 2.0], [0.0, -2.0]])
anzahl = [150, 30, 30]
X = np.vstack([m + 0.9 * np.random.randn(k, 2) for m, k in zip(mitten, anzahl)])
klasse = np.repeat([0, 1, 2], anzahl)
Y = np.eye(3)[klasse]


def vorwaerts(netz, x):
    W1, c1, W2, c2 = netz
    h = np.tanh(x @ W1 + c1)
    z = h @ W2 + c2
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return h, e / e.sum(axis=1, keepdims=True)


def verlust(netz, x, y):
    return -np.mean(np.sum(y * np.log(vorwaerts(netz, x)[1] + 1e-12), axis=1))


def gradienten(netz, x, y):
    h, p = vorwaerts(netz, x)
    d2 = (p - y) / len(x)
    d1 = d2 @ netz[2].T * (1 - h * h)
    return [x.T @ d1, np.sum(d1, axis=0), h.T @ d2, np.sum(d2, axis=0)]


netz = [np.random.randn(2, 6) * 0.5, np.zeros(6), np.random.randn(6, 3) * 0.5, np.zeros(3)]
rate = 0.2
for epoche in range(60):
    reihe = np.random.permutation(len(X))
    for anfang in range(0, len(X), 30):
        teil = reihe[anfang:anfang + 30]
        g = gradienten(netz, X[teil], Y[teil])
        for i in range(4):
            netz[i] -= rate * g[i]
    if epoche % 5 == 0:
        treffer = np.mean(vorwaerts(netz, X)[1].argmax(axis=1) == klasse)
        print(f"Epoche {epoche:3d}  Verlust {verlust(netz, X, Y):.4f}  Treffer {treffer:.3f}")
