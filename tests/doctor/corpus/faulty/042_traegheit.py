import numpy as np

wuerfel = np.random.default_rng()


class Schicht:
    def __init__(self, ein, aus, rate=0.4, traegheit=0.9):
        self.g = wuerfel.normal(0, 1.5 / np.sqrt(ein), (ein, aus))
        self.v = np.zeros(aus)
        self.rate = rate
        self.traegheit = traegheit
        self.dg = np.zeros_like(self.g)
        self.dv = np.zeros_like(self.v)

    def vor(self, x):
        self.x = x
        self.a = 1 / (1 + np.exp(-(x @ self.g + self.v)))
        return self.a

    def zurueck(self, e):
        d = e * self.a * (1 - self.a)
        weiter = d @ self.g.T
        self.dg = -self.rate * self.x.T @ d
        self.dv = -self.rate * d.sum(axis=0)
        self.g += self.dg
        self.v += self.dv
        return weiter


def rechne(netz, x):
    for schicht in netz:
        x = schicht.vor(x)
    return x


def fehler(netz, x, y):
    return np.mean((rechne(netz, x) - y) ** 2)


# Paritaet von vier Bits
X = np.array([[k >> b & 1 for b in range(4)] for k in range(16)], dtype=float) * 2 - 1
Y = (X > 0).sum(axis=1, keepdims=True) % 2

netz = [Schicht(4, 12), Schicht(12, 1)]
for schritt in range(8000):
    e = 2 * (rechne(netz, X) - Y) / len(X)
    for schicht in netz[::-1]:
        e = schicht.zurueck(e)
    if schritt % 800 == 0:
        print(schritt, fehler(netz, X, Y))
print("Ende", fehler(netz, X, Y))
