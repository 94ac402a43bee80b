import numpy as np

zufall = np.random.RandomState(44)

# gedaempfte Schwingung
x = zufall.uniform(0, 1, (500, 1))
y = np.exp(-2 * x) * np.sin(8 * x) + 0.02 * zufall.randn(500, 1)

n_verdeckt = 15
w_v = zufall.randn(1, n_verdeckt) * 4
s_v = zufall.randn(n_verdeckt) * 2
w_a = zufall.randn(n_verdeckt, 1) * 0.2
s_a = np.zeros(1)
lernrate = 0.1

for runde in range(400):
    zug = zufall.permutation(500)
    summe = 0
    for s in range(0, 500, 100):
        e, t = x[zug[s:s + 100]], y[zug[s:s + 100]]
        v = np.tanh(e @ w_v + s_v)
        a = v @ w_a + s_a
        summe += np.mean((a - t) ** 2) / 5
        d_a = 2 * (a - t)
        d_v = (d_a @ w_a.T) * (1 - v ** 2)
        w_a -= lernrate * (v.T @ d_a)
        s_a -= lernrate * d_a.sum(axis=0)
        w_v -= lernrate * (e.T @ d_v)
        s_v -= lernrate * d_v.sum(axis=0)
    if runde % 40 == 0:
        print("Runde", runde, "Fehlerquadrat", summe)

print("Vorhersage", (np.tanh(x[:3] @ w_v + s_v) @ w_a + s_a).ravel(), "Ziel", y[:3].ravel())
