import numpy as np

np.random.seed(15)

# bias is folded into the weights: every activation gets a row of ones, W is (n_out, n_in + 1)


def with_ones(a):
    return np.vstack([a, np.ones((1, a.shape[1]))])


def forward(Ws, X):
    acts = [with_ones(X)]
    for W in Ws[:-1]:
        acts.append(with_ones(np.tanh(W @ acts[-1])))
    acts.append(np.tanh(Ws[-1] @ acts[-1]))
    return acts


def backward(Ws, acts, T):
    grads = [np.zeros(W.shape) for W in Ws]
    delta = (acts[-1] - T) * (1 - acts[-1] ** 2)
    grads[-1] = delta @ acts[-2].T
    for l in range(2, len(Ws) + 1):
        # drop the column that belongs to the ones
        delta = (Ws[-l + 1][:, :-1].T @ delta) * (1 - acts[-l][:-1] ** 2)
        grads[-l] = delta @ acts[-l - 1].T
    return grads


def mse(Y, T):
    return 0.5 * np.sum((Y - T) ** 2) / T.shape[1]


dims = [2, 15, 10, 2]
Ws = [np.random.randn(o, i + 1) / np.sqrt(i + 1) for i, o in zip(dims[:-1], dims[1:])]
Ws[0] *= 2

X = np.random.uniform(-1, 1, (2, 200))
T = np.where(np.stack([X[0] * X[1] > 0, X[0] ** 2 + X[1] ** 2 < 0.6]), 0.9, -0.9)

lr = 0.1
for epoch in range(4000):
    acts = forward(Ws, X)
    grads = backward(Ws, acts, T)
    for W, g in zip(Ws, grads):
        W -= lr / X.shape[1] * g
    if epoch % 400 == 399:
        loss = mse(forward(Ws, X)[-1], T)       # after the update
        print("epoch %d: %.5f" % (epoch + 1, loss))

right = np.sign(forward(Ws, X)[-1]) == np.sign(T)
print("right:", right.mean(axis=1))
