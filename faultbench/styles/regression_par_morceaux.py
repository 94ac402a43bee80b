# Régression d'une fonction définie par morceaux, une couche cachée sigmoïde
import numpy as np

hasard = np.random.default_rng(9)

# les données : une ligne par exemple
entrees = np.linspace(-2, 2, 80).reshape(-1, 1)
cibles = np.piecewise(entrees, [entrees < -1, entrees >= 0.5], [1.0, lambda x: 0.8 * x - 0.9, lambda x: -x])
nombre = entrees.shape[0]

caches = 12
taux = 0.3
tolerance = 3e-4
pas_maximum = 5000

poids_cache = hasard.normal(0, 4, (1, caches))
biais_cache = hasard.uniform(-4, 4, caches)
poids_sortie = hasard.normal(0, 0.3, (caches, 1))
biais_sortie = np.zeros(1)


def sigmoide(z):
    return 1 / (1 + np.exp(-z))


pas = 0
while pas < pas_maximum:
    # propagation avant
    activation = sigmoide(entrees.dot(poids_cache) + biais_cache)
    sortie = activation.dot(poids_sortie) + biais_sortie
    ecart = sortie - cibles
    perte = (ecart**2).mean() / 2

    if pas % 500 == 0:
        print("pas", pas, ": perte =", round(float(perte), 6))
    if perte < tolerance:
        print("tolérance atteinte")
        break

    # rétropropagation
    delta_sortie = ecart / nombre
    delta_cache = delta_sortie.dot(poids_sortie.T) * activation * (1 - activation)

    poids_sortie -= taux * activation.T.dot(delta_sortie)
    biais_sortie -= taux * delta_sortie.sum(0)
    poids_cache -= taux * entrees.T.dot(delta_cache)
    biais_cache -= taux * delta_cache.sum(0)
    pas += 1

print("fini après", pas, "pas, perte", perte)
for i in range(0, nombre, 13):
    print("x = %5.2f   cible = %5.2f   réseau = %5.2f" % (entrees[i, 0], cibles[i, 0], sortie[i, 0]))

# /// faultbench
# task = "regression"
# loop = 1
# parameters = ["poids_cache", "biais_cache", "poids_sortie", "biais_sortie"]
# loss = "perte"
# ///
