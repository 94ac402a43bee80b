import numpy as np

np.random.seed(21)

# three clusters, one feature wider and off centre
n = 120
X = np.vstack([np.random.randn(n, 2) + c for c in ([0, 0], [4, 4], [-4, 4])])
X[:, 0] = X[:, 0] * 2 + 5
y = np.repeat([0, 1, 2], n)

hidden = 20
W1 = np.random.randn(2, hidden) * 0.1
gamma = np.ones(hidden)
beta = np.zeros(hidden)
W2 = np.random.randn(hidden, 3) * np.sqrt(2 / hidden)
b2 = np.zeros(3)
running_mean = np.zeros(hidden)
running_var = np.ones(hidden)
eps = 1e-5
lr = 0.1


def predict(x):
    z = (x @ W1 - running_mean) / np.sqrt(running_var + eps)
    return np.argmax(np.maximum(gamma * z + beta, 0) @ W2 + b2, axis=1)


for epoch in range(60):
    perm = np.random.permutation(len(X))
    for i in range(0, len(X), 60):
        xb, yb = X[perm[i:i + 60]], y[perm[i:i + 60]]
        N = len(xb)

        # forward; no b1, batch norm would remove it again
        a = xb @ W1
        mu = a.mean(axis=0)
        var = a.var(axis=0)
        inv_std = 1 / np.sqrt(var + eps)
        a_hat = (a - mu) * inv_std
        bn = gamma * a_hat + beta
        h = np.maximum(bn, 0)
        scores = h @ W2 + b2
        scores -= scores.max(axis=1, keepdims=True)
        probs = np.exp(scores)
        probs /= probs.sum(axis=1, keepdims=True)
        loss = -np.log(probs[range(N), yb]).mean()

        running_mean = 0.9 * running_mean + 0.1 * mu
        running_var = 0.9 * running_var + 0.1 * var * N / (N - 1)

        # backward
        dscores = probs
        dscores[range(N), yb] -= 1
        dscores /= N
        dW2 = h.T @ dscores
        db2 = dscores.sum(axis=0)
        dbn = (dscores @ W2.T) * (bn > 0)
        dgamma = (dbn * a_hat).sum(axis=0)
        dbeta = dbn.sum(axis=0)
        da_hat = dbn * gamma
        da = inv_std / N * (N * da_hat - da_hat.sum(axis=0) - a_hat * (da_hat * a_hat).sum(axis=0))
        dW1 = xb.T @ da

        for param, grad in ((W1, dW1), (gamma, dgamma), (beta, dbeta), (W2, dW2), (b2, db2)):
            param -= lr * grad
    if epoch % 10 == 0:
        print("epoch", epoch, "loss", loss, "accuracy", (predict(X) == y).mean())

print("accuracy", (predict(X) == y).mean())
