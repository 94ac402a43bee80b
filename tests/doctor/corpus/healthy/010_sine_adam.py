import numpy as np

rng = np.random.default_rng(7)
X_train = rng.uniform(-np.pi, np.pi, size=(256, 1))
Y_train = np.sin(X_train) + 0.05 * rng.standard_normal((256, 1))
X_test = np.linspace(-3, 3, 101)[:, None]
Y_test = np.sin(X_test)

sizes = [1, 32, 32, 1]
params = []
for fan_in, fan_out in zip(sizes, sizes[1:]):
    limit = np.sqrt(6 / (fan_in + fan_out))
    params.append(rng.uniform(-limit, limit, size=(fan_in, fan_out)))
    params.append(np.zeros((1, fan_out)))

# Adam
alpha, beta1, beta2, eps = 0.005, 0.9, 0.999, 1e-8
m = [np.zeros_like(p) for p in params]
v = [np.zeros_like(p) for p in params]
t = 0


def forward(x):
    W1, b1, W2, b2, W3, b3 = params
    h1 = np.tanh(x @ W1 + b1)
    h2 = np.tanh(h1 @ W2 + b2)
    return h1, h2, h2 @ W3 + b3


def gradients(x, target):
    W1, b1, W2, b2, W3, b3 = params
    h1, h2, out = forward(x)
    n = x.shape[0]
    loss = np.mean((out - target) ** 2)
    d3 = 2 * (out - target) / n
    d2 = (d3 @ W3.T) * (1 - h2**2)
    d1 = (d2 @ W2.T) * (1 - h1**2)
    grads = [x.T @ d1, d1.sum(0, keepdims=True),
             h1.T @ d2, d2.sum(0, keepdims=True),
             h2.T @ d3, d3.sum(0, keepdims=True)]
    return loss, grads


for epoch in range(150):
    order = rng.permutation(len(X_train))
    losses = []
    for start in range(0, len(order), 32):
        batch = order[start:start + 32]
        loss, grads = gradients(X_train[batch], Y_train[batch])
        losses.append(loss)
        t += 1
        for i, g in enumerate(grads):
            m[i] = beta1 * m[i] + (1 - beta1) * g
            v[i] = beta2 * v[i] + (1 - beta2) * g**2
            m_hat = m[i] / (1 - beta1**t)
            v_hat = v[i] / (1 - beta2**t)
            params[i] -= alpha * m_hat / (np.sqrt(v_hat) + eps)
    if epoch % 25 == 0:
        test_loss = np.mean((forward(X_test)[-1] - Y_test) ** 2)
        print(f"epoch {epoch:3d}  train {np.mean(losses):.5f}  test {test_loss:.5f}")

print("final test MSE", np.mean((forward(X_test)[-1] - Y_test) ** 2))
