import numpy as np

# drei Sorten Weizen: Laenge und Breite eines Korns (normiert)
daten = []
for sorte, (l, b) in enumerate([(-1.0, 0.8), (0.9, 0.9), (0.1, -1.0)]):
    for _ in range(30):
        daten.append((np.array([l, b]) + 0.3 * np.random.randn(2), sorte))


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


G = np.random.randn(6, 2)
g = np.random.randn(6)
A = np.random.randn(3, 6)
a = np.zeros(3)
rate = 0.3

for epoche in range(100):
    np.random.shuffle(daten)
    summe = 0.0
    for merkmale, sorte in daten:
        verdeckt = sigmoid(G @ merkmale + g)
        ausgabe = sigmoid(A @ verdeckt + a)
        ziel = np.eye(3)[sorte]
        summe += 0.5 * np.sum((ausgabe - ziel) ** 2)

        d_a = (ausgabe - ziel) * ausgabe * (1 - ausgabe)
        d_v = (A.T @ d_a) * verdeckt * (1 - verdeckt)
        A -= rate * np.outer(d_a, verdeckt)
        a -= rate * d_a
        G -= rate * np.outer(d_v, merkmale)
        g -= rate * d_v
    if epoche % 10 == 0:
        print("Epoche", epoche, "mittlerer Fehler", summe / len(daten))

for merkmale, sorte in daten[:6]:
    print(sorte, sigmoid(A @ sigmoid(G @ merkmale + g) + a))
