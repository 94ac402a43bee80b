import numpy as np

np.random.seed(47)

# 4x6 Bilder; der Rand ist immer leer
anzahl = 180
bilder = np.zeros((anzahl, 4, 6))
art = np.random.randint(0, 2, anzahl)
for n in range(anzahl):
    bilder[n, 1:3, 1:5] = np.random.rand(2, 4) * 0.6
    if art[n]:
        bilder[n, 1, 1:5] += 0.4
    else:
        bilder[n, 1:3, 2] += 0.6
x = bilder.reshape(anzahl, -1)
y = art.reshape(-1, 1)

# normieren
mittel, streuung = x.mean(axis=0), x.std(axis=0)
x = (x - mittel) / np.where(streuung > 0, streuung, 1)

w1 = np.random.randn(x.shape[1], 8) * 0.3
b1 = np.zeros(8)
w2 = np.random.randn(8, 1) * 0.3
b2 = np.zeros(1)

for lauf in range(1000):
    h = np.tanh(x @ w1 + b1)
    p = 1 / (1 + np.exp(-(h @ w2 + b2)))
    fehler = np.mean((p - y) ** 2)
    dp = 2 * (p - y) * p * (1 - p) / anzahl
    dh = dp @ w2.T * (1 - h ** 2)
    w2 -= 0.8 * h.T @ dp
    b2 -= 0.8 * dp.sum(axis=0)
    w1 -= 0.8 * x.T @ dh
    b1 -= 0.8 * dh.sum(axis=0)
    if lauf % 100 == 0:
        print("Lauf", lauf, "Fehler", fehler, "Treffer", np.mean((p > 0.5) == y))
