# Fit z = x1*x2 + 0.5*x1 on the square [-1, 1]^2 with RMSProp.
# Features are rows, samples are columns.
import numpy as np

rng = np.random.default_rng(17)


def target_surface(P):
    return (P[0] * P[1] + 0.5 * P[0]).reshape(1, -1)


def init_params(n_hidden):
    return [
        rng.normal(0, 1, (n_hidden, 2)),  # hidden weights
        np.zeros((n_hidden, 1)),  # hidden biases
        rng.normal(0, np.sqrt(2 / n_hidden), (1, n_hidden)),  # output weights
        np.zeros((1, 1)),  # output bias
    ]


def predict(params, P):
    A, a0, B, b0 = params
    return B @ np.maximum(A @ P + a0, 0) + b0


def mean_squared_error(params, P, Z):
    return np.mean((predict(params, P) - Z) ** 2)


def gradients(params, P, Z):
    A, a0, B, b0 = params
    pre = A @ P + a0
    act = np.where(pre > 0, pre, 0)
    dz = 2 * (B @ act + b0 - Z) / Z.size
    dpre = np.where(pre > 0, B.T @ dz, 0)
    return [dpre @ P.T, dpre.sum(1, keepdims=True), dz @ act.T, dz.sum(1, keepdims=True)]


def rmsprop(params, grads, cache, lr=0.003, decay=0.9, eps=1e-8):
    for p, g, s in zip(params, grads, cache):
        s *= decay
        s += (1 - decay) * g * g
        p -= lr * g / (np.sqrt(s) + eps)


def train(params, P, Z, epochs=120, batch=16):
    cache = [np.zeros(p.shape) for p in params]
    n = P.shape[1]
    for epoch in range(1, epochs + 1):
        for _ in range(n // batch):
            cols = rng.choice(n, size=batch, replace=False)
            grads = gradients(params, P[:, cols], Z[:, cols])
            rmsprop(params, grads, cache)
        mse = mean_squared_error(params, P, Z)
        if epoch == 1 or epoch % 20 == 0:
            print(f"epoch {epoch:>3}: mse = {mse:.6f}")


if __name__ == "__main__":
    P_train = rng.uniform(-1, 1, (2, 160))
    P_test = rng.uniform(-1, 1, (2, 40))
    params = init_params(20)
    train(params, P_train, target_surface(P_train))
    print("test mse =", mean_squared_error(params, P_test, target_surface(P_test)))

# /// faultbench
# task = "regression"
# loop = 3
# parameters = ["params"]
# loss = "mse"
# ///
