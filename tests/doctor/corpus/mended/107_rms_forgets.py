import numpy as np

np.random.seed(91)
m = 150
X = np.random.uniform(-1, 1, (2, m))
Y = (X[1:] > np.abs(X[:1]) * 1.2 - 0.3).astype(float)

w1 = np.random.randn(8, 2)
b1 = np.zeros((8, 1))
w2 = np.random.randn(1, 8)
b2 = np.zeros((1, 1))
cache = [np.zeros_like(v) for v in (w1, b1, w2, b2)]
rho, lr, tiny = 0.9, 0.02, 1e-8

for i in range(3000):
    a1 = np.tanh(w1 @ X + b1)
    a2 = 1 / (1 + np.exp(-(w2 @ a1 + b2)))
    J = -np.mean(Y * np.log(a2 + 1e-12) + (1 - Y) * np.log(1 - a2 + 1e-12))
    dZ2 = (a2 - Y) / m
    dW2 = dZ2 @ a1.T
    dB2 = dZ2.sum(axis=1, keepdims=True)
    dZ1 = w2.T @ dZ2 * (1 - a1 ** 2)
    dW1 = dZ1 @ X.T
    dB1 = dZ1.sum(axis=1, keepdims=True)
    # RMSProp
    for k, (value, grad) in enumerate([(w1, dW1), (b1, dB1), (w2, dW2), (b2, dB2)]):
        cache[k] = rho * cache[k] + (1 - rho) * grad ** 2
        value -= lr * grad / (np.sqrt(cache[k]) + tiny)
    if i % 300 == 0:
        print("iteration", i, "J", J)
print("final J", J)
