# -*- coding: utf-8 -*-
# TP réseaux de neurones : reconnaître de petits chiffres bruités (8 x 8)
# une couche cachée "leaky ReLU", sortie softmax, RMSProp

import numpy as np

np.random.seed(2)

dessins = {
    0: ["..####..", ".##..##.", ".##..##.", ".##..##.", ".##..##.", ".##..##.", ".##..##.", "..####.."],
    1: ["...##...", "..###...", ".####...", "...##...", "...##...", "...##...", "...##...", ".######."],
    4: ["....##..", "...###..", "..####..", ".##.##..", ".##.##..", ".#######", "....##..", "....##.."],
    7: [".######.", ".....##.", "....##..", "....##..", "...##...", "...##...", "..##....", "..##...."],
    8: ["..####..", ".##..##.", ".##..##.", "..####..", "..####..", ".##..##.", ".##..##.", "..####.."],
}
noms = sorted(dessins)
modeles = np.array([[1.0 if p == "#" else 0.0 for ligne in dessins[c] for p in ligne] for c in noms])


def fabriquer(combien):
    """Des exemplaires bruités et leurs étiquettes (une ligne par image)."""
    numeros = np.arange(combien) % len(noms)
    images = modeles[numeros] + 0.35 * np.random.randn(combien, 64)
    return images, np.eye(len(noms))[numeros]


def softmax(scores):
    scores = scores - scores.max(axis=1, keepdims=True)
    exponentielles = np.exp(scores)
    return exponentielles / exponentielles.sum(axis=1, keepdims=True)


def fuite(z):
    return np.where(z > 0, z, 0.1 * z)


def fuite_derivee(z):
    return np.where(z > 0, 1.0, 0.1)


def perte(P, Y):
    return -np.sum(Y * np.log(np.clip(P, 1e-10, 1.0))) / Y.shape[0]


X, Y = fabriquer(150)
X_essai, Y_essai = fabriquer(50)
moyenne = X.mean(axis=0)
X = X - moyenne
X_essai = X_essai - moyenne

caches = 16
W = np.random.randn(64, caches) * np.sqrt(2.0 / 64)
b = np.zeros(caches)
V = np.random.randn(caches, 5) * np.sqrt(2.0 / caches)
c = np.zeros(5)

rho, pas, epsilon = 0.9, 0.003, 1e-7
rW, rb, rV, rc = 0 * W, 0 * b, 0 * V, 0 * c
lot = 15

for epoque in range(40):
    ordre = np.random.permutation(len(X))
    X_melange, Y_melange = X[ordre], Y[ordre]
    cumul = 0.0
    for debut in range(0, len(X), lot):
        x = X_melange[debut:debut + lot]
        y = Y_melange[debut:debut + lot]

        z = np.dot(x, W) + b
        h = fuite(z)
        p = softmax(np.dot(h, V) + c)
        cumul += perte(p, y) * lot

        delta = (p - y) / lot
        dV = np.dot(h.T, delta)
        dc = delta.sum(axis=0)
        delta_cache = np.dot(delta, V.T) * fuite_derivee(z)
        dW = np.dot(x.T, delta_cache)
        db = delta_cache.sum(axis=0)

        rW = rho * rW + (1 - rho) * dW**2
        rb = rho * rb + (1 - rho) * db**2
        rV = rho * rV + (1 - rho) * dV**2
        rc = rho * rc + (1 - rho) * dc**2
        W -= pas * dW / (np.sqrt(rW) + epsilon)
        b -= pas * db / (np.sqrt(rb) + epsilon)
        V -= pas * dV / (np.sqrt(rV) + epsilon)
        c -= pas * dc / (np.sqrt(rc) + epsilon)
    entropie = cumul / len(X)
    if epoque % 5 == 0:
        print("époque", epoque, ": entropie croisée", round(entropie, 4))

devine = softmax(np.dot(fuite(np.dot(X_essai, W) + b), V) + c).argmax(axis=1)
print("taux de réussite :", (devine == Y_essai.argmax(axis=1)).mean())

# /// faultbench
# task = "digits"
# loop = 2
# parameters = ["W", "b", "V", "c"]
# loss = "entropie"
# ///
