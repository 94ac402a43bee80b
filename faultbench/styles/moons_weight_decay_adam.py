import numpy as np

np.random.seed(31)


def make_moons(m, noise):
    half = m // 2
    a = np.pi * np.random.rand(half)
    b = np.pi * np.random.rand(half)
    X = np.zeros((2, m))
    X[:, :half] = np.cos(a), np.sin(a)
    X[:, half:] = 1 - np.cos(b), 0.5 - np.sin(b)
    Y = np.zeros((1, m))
    Y[0, half:] = 1
    return X + noise * np.random.randn(2, m), Y


def forward(X, P):
    A1 = np.tanh(P["W1"] @ X + P["b1"])
    A2 = np.tanh(P["W2"] @ A1 + P["b2"])
    A3 = 1 / (1 + np.exp(-(P["W3"] @ A2 + P["b3"])))
    return A1, A2, A3


def cost(A3, Y, P, reg):
    data_term = -np.mean(Y * np.log(A3) + (1 - Y) * np.log(1 - A3))
    decay = sum(np.sum(P[k] ** 2) for k in ("W1", "W2", "W3"))
    return data_term + 0.5 * reg * decay


def backward(X, Y, A1, A2, A3, P, reg):
    m = X.shape[1]
    G = {}
    dZ = (A3 - Y) / m
    G["W3"] = dZ @ A2.T + reg * P["W3"]
    G["b3"] = dZ.sum(axis=1, keepdims=True)
    dZ = (P["W3"].T @ dZ) * (1 - A2**2)
    G["W2"] = dZ @ A1.T + reg * P["W2"]
    G["b2"] = dZ.sum(axis=1, keepdims=True)
    dZ = (P["W2"].T @ dZ) * (1 - A1**2)
    G["W1"] = dZ @ X.T + reg * P["W1"]
    G["b1"] = dZ.sum(axis=1, keepdims=True)
    return G


X, Y = make_moons(140, 0.08)
sizes = [2, 10, 6, 1]
P = {}
for l in (1, 2, 3):
    P["W%d" % l] = np.random.randn(sizes[l], sizes[l - 1]) / np.sqrt(sizes[l - 1])
    P["b%d" % l] = np.zeros((sizes[l], 1))

reg = 1e-4  # strength of the weight decay (biases are left alone)
alpha, beta1, beta2, eps = 0.01, 0.9, 0.999, 1e-8
M = {k: np.zeros_like(v) for k, v in P.items()}
V = {k: np.zeros_like(v) for k, v in P.items()}

for t in range(1, 1001):
    A1, A2, A3 = forward(X, P)
    loss = cost(A3, Y, P, reg)
    grads = backward(X, Y, A1, A2, A3, P, reg)
    for k in P:
        M[k] = beta1 * M[k] + (1 - beta1) * grads[k]
        V[k] = beta2 * V[k] + (1 - beta2) * grads[k] ** 2
        m_hat = M[k] / (1 - beta1**t)
        v_hat = V[k] / (1 - beta2**t)
        P[k] = P[k] - alpha * m_hat / (np.sqrt(v_hat) + eps)
    if t % 100 == 0:
        print(f"t={t} loss={loss:.6f}")

prediction = forward(X, P)[-1] > 0.5
print(f"accuracy {np.mean(prediction == Y):.3f}")

# /// faultbench
# task = "moons"
# loop = 2
# parameters = ["list(P.values())"]
# loss = "loss"
# ///
