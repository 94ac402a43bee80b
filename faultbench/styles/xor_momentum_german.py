# Ein kleines Netz lernt XOR: Gradientenabstieg mit Traegheitsterm (Momentum).
# Kodierung -1/+1, der Schwellwert steckt als dritte Spalte in der Eingabe.
import numpy as np

zufall = np.random.RandomState(7)

muster = np.array([[-1.0, -1.0], [-1.0, 1.0], [1.0, -1.0], [1.0, 1.0]])
eingabe = np.hstack((muster, np.ones((4, 1))))
ziel = np.array([[-1.0], [1.0], [1.0], [-1.0]])

anzahl_verdeckt = 6
lernrate = 0.02
traegheit = 0.9
max_schritte = 3000

gewichte_verdeckt = zufall.uniform(-0.8, 0.8, (3, anzahl_verdeckt))
gewichte_ausgabe = zufall.uniform(-0.3, 0.3, (anzahl_verdeckt + 1, 1))
tempo_verdeckt = np.zeros_like(gewichte_verdeckt)
tempo_ausgabe = np.zeros_like(gewichte_ausgabe)

schritt = 0
while schritt < max_schritte:
    # vorwaerts
    verdeckt = np.tanh(np.dot(eingabe, gewichte_verdeckt))
    verdeckt_plus = np.hstack((verdeckt, np.ones((4, 1))))
    ausgabe = np.tanh(np.dot(verdeckt_plus, gewichte_ausgabe))
    abweichung = ausgabe - ziel
    fehler = np.mean(np.square(abweichung))

    # rueckwaerts
    delta_ausgabe = 2 * abweichung / len(ziel) * (1 - ausgabe**2)
    gradient_ausgabe = np.dot(verdeckt_plus.T, delta_ausgabe)
    # die letzte Zeile gehoert zum Schwellwert und wird nicht zurueckgefuehrt
    delta_verdeckt = np.dot(delta_ausgabe, gewichte_ausgabe[:-1].T) * (1 - verdeckt**2)
    gradient_verdeckt = np.dot(eingabe.T, delta_verdeckt)

    # Gewichte anpassen
    tempo_ausgabe = traegheit * tempo_ausgabe - lernrate * gradient_ausgabe
    tempo_verdeckt = traegheit * tempo_verdeckt - lernrate * gradient_verdeckt
    gewichte_ausgabe = gewichte_ausgabe + tempo_ausgabe
    gewichte_verdeckt = gewichte_verdeckt + tempo_verdeckt

    if schritt % 300 == 0:
        print("Schritt {:5d}  Fehler {:.6f}".format(schritt, fehler))
    schritt += 1

print("Fehler am Ende: {:.6f}".format(fehler))
for (a, b), soll, ist in zip(muster, ziel[:, 0], ausgabe[:, 0]):
    print("{:+.0f} xor {:+.0f}: soll {:+.0f}, ist {:+.3f}".format(a, b, soll, ist))

# /// faultbench
# task = "xor"
# loop = 1
# parameters = ["gewichte_verdeckt", "gewichte_ausgabe"]
# loss = "fehler"
# ///
