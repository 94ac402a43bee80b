import numpy as np

np.random.seed(5)


def make_layer(n_in, n_out, squash):
    W = np.random.randn(n_in, n_out) / np.sqrt(n_in)
    b = np.zeros((1, n_out))
    saved = {}

    def forward(x):
        saved["x"] = x
        a = np.dot(x, W) + b
        saved["out"] = np.tanh(a) if squash else a
        return saved["out"]

    def backward(d_out):
        if squash:
            d_out = d_out * (1 - saved["out"] ** 2)
        saved["dW"] = np.dot(saved["x"].T, d_out)
        saved["db"] = np.sum(d_out, axis=0, keepdims=True)
        return np.dot(d_out, W.T)

    def step(lr):
        nonlocal W, b
        W = W - lr * saved["dW"]
        b = b - lr * saved["db"]

    return forward, backward, step


# learn the surface z = x * y
grid = np.linspace(-1.5, 1.5, 12)
xx, yy = np.meshgrid(grid, grid)
points = np.column_stack([xx.ravel(), yy.ravel()])
z = points[:, :1] * points[:, 1:]

net = [make_layer(2, 20, True), make_layer(20, 20, True), make_layer(20, 1, False)]

for epoch in range(4000):
    a = points
    for forward, _, _ in net:
        a = forward(a)
    residual = a - z
    cost = np.mean(residual ** 2)

    d = 2 * residual / len(points)
    for _, backward, _ in net[::-1]:
        d = backward(d)
    for _, _, step in net:
        step(0.05)

    if epoch % 400 == 0:
        print(epoch, cost)

print("final cost", cost, " (variance of z is", z.var(), ")")
