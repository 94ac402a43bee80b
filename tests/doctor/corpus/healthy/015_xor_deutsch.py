# Kleines neuronales Netz für XOR, mit Trägheitsterm (Momentum)
import numpy as np

eingaben = np.array([[0., 0.], [0., 1.], [1., 0.], [1., 1.]])
sollwerte = np.array([[0.], [1.], [1.], [0.]])

lernrate = 0.2
traegheit = 0.9
anzahl_verdeckt = 10


def sigmoide(x):
    return 1.0 / (1.0 + np.exp(-x))


def vorwaerts(x, gewichte):
    w_verdeckt, s_verdeckt, w_ausgabe, s_ausgabe = gewichte
    verdeckt = np.tanh(np.matmul(x, w_verdeckt) + s_verdeckt)
    ausgabe = sigmoide(np.matmul(verdeckt, w_ausgabe) + s_ausgabe)
    return verdeckt, ausgabe


def rueckwaerts(x, soll, verdeckt, ausgabe, gewichte):
    delta_ausgabe = (ausgabe - soll) * ausgabe * (1 - ausgabe)
    delta_verdeckt = np.matmul(delta_ausgabe, gewichte[2].T) * (1 - verdeckt ** 2)
    return [
        np.matmul(x.T, delta_verdeckt), np.sum(delta_verdeckt, axis=0),
        np.matmul(verdeckt.T, delta_ausgabe), np.sum(delta_ausgabe, axis=0),
    ]


gewichte = [
    np.random.randn(2, anzahl_verdeckt), np.zeros(anzahl_verdeckt),
    np.random.randn(anzahl_verdeckt, 1) * 0.5, np.zeros(1),
]
letzte_aenderung = [np.zeros_like(g) for g in gewichte]

for epoche in range(4000):
    verdeckt, ausgabe = vorwaerts(eingaben, gewichte)
    fehler = 0.5 * np.sum((ausgabe - sollwerte) ** 2)
    gradienten = rueckwaerts(eingaben, sollwerte, verdeckt, ausgabe, gewichte)
    for i in range(len(gewichte)):
        aenderung = traegheit * letzte_aenderung[i] - lernrate * gradienten[i]
        gewichte[i] = gewichte[i] + aenderung
        letzte_aenderung[i] = aenderung
    if epoche % 500 == 0:
        print(f"Epoche {epoche}: Fehler {fehler:.5f}")

print("Ausgabe nach dem Training:")
for x, a in zip(eingaben, vorwaerts(eingaben, gewichte)[1]):
    print(x, "->", a)
