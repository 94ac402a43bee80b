import numpy as np

# zwei Halbmonde
n = 100
winkel = np.random.rand(n) * np.pi
oben = np.column_stack([np.cos(winkel), np.sin(winkel)])
unten = np.column_stack([1 - np.cos(winkel), 0.5 - np.sin(winkel)])
daten = np.vstack([oben, unten]) + 0.1 * np.random.randn(2 * n, 2)
ziele = np.concatenate([np.zeros(n), np.ones(n)]).reshape(-1, 1)

schichten = [2, 8, 8, 1]
gewichte = []
versatz = []
for a, b in zip(schichten[:-1], schichten[1:]):
    gewichte.append(np.random.randn(a, b) / np.sqrt(a))
    versatz.append(np.zeros(b))

lernrate = 0.5

for runde in range(2000):
    # vorwaerts
    werte = [daten]
    for k in range(len(gewichte)):
        summe = werte[-1] @ gewichte[k] + versatz[k]
        if k == len(gewichte) - 1:
            werte.append(1 / (1 + np.exp(-summe)))
        else:
            werte.append(np.tanh(summe))
    ausgabe = werte[-1]
    fehler = -np.mean(ziele * np.log(ausgabe + 1e-12) + (1 - ziele) * np.log(1 - ausgabe + 1e-12))

    # rueckwaerts
    delta = (ausgabe - ziele) / len(daten)
    for k in reversed(range(len(gewichte))):
        dw = werte[k].T @ delta
        db = delta.sum(axis=0)
        if k > 0:
            delta = delta @ gewichte[k].T
        gewichte[k] = gewichte[k] - lernrate * dw
        versatz[k] = versatz[k] - lernrate * db

    if runde % 200 == 0:
        print("Runde", runde, "Fehler", fehler)

print("richtig:", np.mean((ausgabe > 0.5) == ziele))
