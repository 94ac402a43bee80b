"""Deep-ish tanh net for curve fitting: learning-rate decay and gradient clipping by global norm."""
import numpy as np

rng = np.random.default_rng()
X = np.linspace(-1, 1, 100)[:, np.newaxis]
Y = np.sin(3 * X) * np.exp(-X ** 2) + 0.02 * rng.normal(size=X.shape)

sizes = (1, 12, 12, 12, 1)
weights = [rng.normal(0, np.sqrt(1.5 / a), (a, b)) for a, b in zip(sizes, sizes[1:])]
biases = [rng.normal(0, 0.3, (1, b)) for b in sizes[1:]]
weights[0] *= 2

lr0 = 0.15
decay = 1e-3
max_norm = 1.0
n_layers = len(weights)


def forward(x):
    outs = [x]
    for k in range(n_layers):
        z = outs[-1] @ weights[k] + biases[k]
        outs.append(z if k == n_layers - 1 else np.tanh(z))
    return outs


for epoch in range(4000):
    lr = lr0 / (1 + decay * epoch)
    outs = forward(X)
    loss = np.mean((outs[-1] - Y) ** 2)

    d = 2 * (outs[-1] - Y) / len(X)
    grads_w = [None] * n_layers
    grads_b = [None] * n_layers
    for k in range(n_layers - 1, -1, -1):
        grads_w[k] = outs[k].T @ d
        grads_b[k] = d.sum(axis=0, keepdims=True)
        if k > 0:
            d = d @ weights[k].T * (1 - outs[k] ** 2)

    norm = np.sqrt(sum(np.sum(g ** 2) for g in grads_w + grads_b))
    scale = min(1.0, max_norm / norm)
    for k in range(n_layers):
        weights[k] = weights[k] - lr * scale * grads_w[k]
        biases[k] = biases[k] - lr * scale * grads_b[k]

    if epoch % 400 == 0:
        print("epoch %4d  lr %.3f  |grad| %.3f  mse %.5f" % (epoch, lr, norm, loss))

print("mse at the end", loss)
