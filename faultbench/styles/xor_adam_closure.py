import numpy as np
from itertools import pairwise


def make_net(sizes, rng):
    """Return the parameters and the functions that work on them."""
    weights = [rng.normal(size=(m, n)) / np.sqrt(m) for m, n in pairwise(sizes)]
    biases = [rng.normal(scale=0.1, size=n) for n in sizes[1:]]

    def forward(x):
        activations = [x]
        for W, b in zip(weights, biases):
            activations.append(np.tanh(activations[-1] @ W + b))
        return activations

    def backward(activations, d_output):
        dW, db = [], []
        upstream = d_output
        for k in range(len(weights) - 1, -1, -1):
            d = upstream * (1 - activations[k + 1] ** 2)
            dW.insert(0, activations[k].T @ d)
            db.insert(0, d.sum(axis=0))
            upstream = d @ weights[k].T
        return dW + db

    return weights + biases, forward, backward


def make_adam(params, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    m = [np.zeros_like(p) for p in params]
    v = [np.zeros_like(p) for p in params]

    def step(grads, t):
        for i, g in enumerate(grads):
            m[i] = beta1 * m[i] + (1 - beta1) * g
            v[i] = beta2 * v[i] + (1 - beta2) * g * g
            m_hat = m[i] / (1 - beta1**t)
            v_hat = v[i] / (1 - beta2**t)
            params[i] -= lr * m_hat / (np.sqrt(v_hat) + eps)

    return step


inputs = np.array([[-1, -1], [-1, 1], [1, -1], [1, 1]], dtype=float)
targets = np.array([[-1], [1], [1], [-1]], dtype=float)

params, forward, backward = make_net([2, 6, 1], np.random.default_rng(2))
adam_step = make_adam(params, lr=0.02)

for t in range(1, 1501):
    activations = forward(inputs)
    error = activations[-1] - targets
    loss = (error**2).mean()
    adam_step(backward(activations, 2 * error / error.size), t)
    if t % 300 == 0:
        print(f"{t=} {loss=:.6f}")

for pair, out in zip(inputs, forward(inputs)[-1].ravel()):
    print(pair, "->", f"{out:+.3f}")

# /// faultbench
# task = "xor"
# loop = 4
# parameters = ["params"]
# loss = "loss"
# ///
