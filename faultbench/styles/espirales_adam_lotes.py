"""
Trabajo práctico 3 -- Tres espirales
Red 2 - 30 - 3 con ReLU y softmax, Adam por mini-lotes.
"""
import numpy as np

azar = np.random.default_rng(40)

# ------------------- datos -------------------
por_clase = 50
clases = 3
N = por_clase * clases
X = np.zeros((N, 2))
y = np.zeros(N, dtype=int)
for c in range(clases):
    radio = np.linspace(0.15, 1, por_clase)
    angulo = np.linspace(c * 2.1, c * 2.1 + 3.2, por_clase) + azar.normal(0, 0.08, por_clase)
    X[c * por_clase:(c + 1) * por_clase] = np.c_[radio * np.sin(angulo), radio * np.cos(angulo)]
    y[c * por_clase:(c + 1) * por_clase] = c
Y = np.eye(clases)[y]

# ------------------- red -------------------
ocultas = 30
W1 = azar.normal(0, 1, (2, ocultas))
b1 = np.zeros((1, ocultas))
W2 = azar.normal(0, np.sqrt(2 / ocultas), (ocultas, clases))
b2 = np.zeros((1, clases))


def propagar(entrada):
    z1 = entrada @ W1 + b1
    a1 = np.maximum(0, z1)
    z2 = a1 @ W2 + b2
    e = np.exp(z2 - np.max(z2, axis=1, keepdims=True))
    return z1, a1, e / np.sum(e, axis=1, keepdims=True)


def costo(entrada, objetivo):
    p = propagar(entrada)[2]
    return -np.mean(np.sum(objetivo * np.log(p + 1e-12), axis=1))


# Adam: primer y segundo momento de cada parámetro
alfa, beta1, beta2, eps = 0.02, 0.9, 0.99, 1e-8
mW1, vW1 = np.zeros_like(W1), np.zeros_like(W1)
mb1, vb1 = np.zeros_like(b1), np.zeros_like(b1)
mW2, vW2 = np.zeros_like(W2), np.zeros_like(W2)
mb2, vb2 = np.zeros_like(b2), np.zeros_like(b2)

tam_lote = 25
indices = np.arange(N)
t = 0
mejor_costo = np.inf

for epoca in range(120):
    azar.shuffle(indices)
    for i in range(0, N, tam_lote):
        xl = X[indices[i:i + tam_lote]]
        yl = Y[indices[i:i + tam_lote]]

        # hacia adelante
        z1, a1, p = propagar(xl)

        # hacia atrás
        dz2 = (p - yl) / len(xl)
        dW2 = a1.T @ dz2
        db2 = dz2.sum(axis=0, keepdims=True)
        da1 = dz2 @ W2.T
        dz1 = da1 * (z1 > 0)
        dW1 = xl.T @ dz1
        db1 = dz1.sum(axis=0, keepdims=True)

        # momentos
        t = t + 1
        mW1 = beta1 * mW1 + (1 - beta1) * dW1
        mb1 = beta1 * mb1 + (1 - beta1) * db1
        mW2 = beta1 * mW2 + (1 - beta1) * dW2
        mb2 = beta1 * mb2 + (1 - beta1) * db2
        vW1 = beta2 * vW1 + (1 - beta2) * dW1 ** 2
        vb1 = beta2 * vb1 + (1 - beta2) * db1 ** 2
        vW2 = beta2 * vW2 + (1 - beta2) * dW2 ** 2
        vb2 = beta2 * vb2 + (1 - beta2) * db2 ** 2

        # corrección del sesgo y paso
        c1 = 1 - beta1 ** t
        c2 = 1 - beta2 ** t
        W1 -= alfa * (mW1 / c1) / (np.sqrt(vW1 / c2) + eps)
        b1 -= alfa * (mb1 / c1) / (np.sqrt(vb1 / c2) + eps)
        W2 -= alfa * (mW2 / c1) / (np.sqrt(vW2 / c2) + eps)
        b2 -= alfa * (mb2 / c1) / (np.sqrt(vb2 / c2) + eps)

    perdida = costo(X, Y)
    if perdida < mejor_costo:
        mejor_costo = perdida
        mejores = W1.copy(), b1.copy(), W2.copy(), b2.copy()
    if (epoca + 1) % 20 == 0:
        print(f"Época {epoca + 1:3d}: pérdida = {perdida:.4f}")

W1, b1, W2, b2 = mejores
aciertos = (propagar(X)[2].argmax(axis=1) == y).sum()
print(f"Mejor pérdida {mejor_costo:.4f}, aciertos: {aciertos} de {N}")

# /// faultbench
# task = "spirals"
# loop = 3
# parameters = ["W1", "b1", "W2", "b2"]
# loss = "perdida"
# ///
