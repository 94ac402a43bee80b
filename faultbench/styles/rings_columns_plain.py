# Three rings, one class each. Columns are points (I come from Matlab).
import numpy as np
rng = np.random.default_rng(55)

K, n = 3, 150                                   # classes, points
label = np.arange(n) % K
ang = rng.random(n) * 2 * np.pi
rad = 0.5 + label + 0.1 * rng.standard_normal(n)
P = np.stack((rad * np.cos(ang), rad * np.sin(ang)))   # 2 x n
T = np.zeros((K, n)); T[label, np.arange(n)] = 1       # K x n

H = 16
V1 = rng.standard_normal((H, 2));  c1 = rng.standard_normal((H, 1))
V2 = rng.standard_normal((H, H)) / np.sqrt(H);  c2 = np.zeros((H, 1))
V3 = rng.standard_normal((K, H)) / np.sqrt(H);  c3 = np.zeros((K, 1))

eta = 0.4
history = []

for k in range(700):
    # forward
    Z1 = V1 @ P + c1
    Y1 = np.tanh(Z1)
    Z2 = V2 @ Y1 + c2
    Y2 = np.maximum(0.0, Z2)
    Z3 = V3 @ Y2 + c3
    Q = np.exp(Z3 - Z3.max(axis=0, keepdims=True))
    Q = Q / Q.sum(axis=0, keepdims=True)
    C = -np.sum(T * np.log(np.clip(Q, 1e-12, None))) / n
    history.append(C)

    # backward
    D3 = (Q - T) / n
    G3 = D3 @ Y2.T
    g3 = np.sum(D3, axis=1, keepdims=True)
    D2 = (V3.T @ D3) * (Z2 > 0)
    G2 = D2 @ Y1.T
    g2 = np.sum(D2, axis=1, keepdims=True)
    D1 = (V2.T @ D2) * (1 - Y1 ** 2)
    G1 = D1 @ P.T
    g1 = np.sum(D1, axis=1, keepdims=True)

    # update
    V3 -= eta * G3
    V2 -= eta * G2
    V1 -= eta * G1
    c3 -= eta * g3
    c2 -= eta * g2
    c1 -= eta * g1

print('cost, every 100 steps:', *('%.4f' % c for c in history[::100]), '->', '%.4f' % C)
print('confusion (rows: true ring, columns: network)')
M = np.zeros((K, K), int)
np.add.at(M, (label, Q.argmax(axis=0)), 1)
print(M)

# /// faultbench
# task = "circles"
# loop = 1
# parameters = ["V1", "c1", "V2", "c2", "V3", "c3"]
# loss = "C"
# ///
