import numpy as np


class Netz:
    def __init__(self, n_ein, n_mitte, n_aus):
        self.w1 = np.random.normal(0, 2, (n_ein, n_mitte))
        self.b1 = np.random.normal(0, 1, n_mitte)
        self.w2 = np.random.normal(0, 1, (n_mitte, n_aus))
        self.b2 = np.zeros(n_aus)

    def vorwaerts(self, x):
        self.mitte = 1 / (1 + np.exp(-(x @ self.w1 + self.b1)))
        return 1 / (1 + np.exp(-(self.mitte @ self.w2 + self.b2)))

    def fehler(self, x, y):
        aus = np.clip(self.vorwaerts(x), 1e-12, 1 - 1e-12)
        return -np.mean(y * np.log(aus) + (1 - y) * np.log(1 - aus))

    def lerne(self, x, y, rate):
        d2 = (self.vorwaerts(x) - y) / y.size
        d1 = d2 @ self.w2.T * self.mitte * (1 - self.mitte)
        self.w2 -= rate * mitte.T @ d2
        self.b2 -= rate * d2.sum(axis=0)
        self.w1 -= rate * x.T @ d1
        self.b1 -= rate * d1.sum(axis=0)


# Volladdierer
X = np.array([[a, b, c] for a in (0, 1) for b in (0, 1) for c in (0, 1)])
Y = np.column_stack([X.sum(axis=1) % 2, X.sum(axis=1) // 2])

netz = Netz(3, 8, 2)
zaehler = 0
while zaehler < 6000:
    netz.lerne(X, Y, 2.0)
    if zaehler % 600 == 0:
        print(zaehler, netz.fehler(X, Y))
    zaehler += 1
print(netz.vorwaerts(X).round(2))
