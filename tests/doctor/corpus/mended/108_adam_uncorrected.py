import numpy as np

rng = np.random.default_rng()


class Dense:
    def __init__(self, i, o, relu):
        self.W = rng.normal(0, np.sqrt(2 / i), (i, o))
        self.b = np.zeros(o)
        self.relu = relu

    def forward(self, x):
        self.x = x
        self.z = x @ self.W + self.b
        return np.maximum(self.z, 0) if self.relu else self.z

    def backward(self, g):
        g = g * (self.z > 0) if self.relu else g
        self.dW, self.db = self.x.T @ g, g.sum(axis=0)
        return g @ self.W.T


class Adam:
    def __init__(self, arrays, lr, beta1=0.9, beta2=0.99999, eps=1e-8):
        self.arrays, self.lr, self.beta1, self.beta2, self.eps = arrays, lr, beta1, beta2, eps
        self.m = [np.zeros_like(a) for a in arrays]
        self.v = [np.zeros_like(a) for a in arrays]
        self.t = 0

    def step(self, grads):
        self.t += 1
        for a, g, m, v in zip(self.arrays, grads, self.m, self.v):
            m[...] = self.beta1 * m + (1 - self.beta1) * g
            v[...] = self.beta2 * v + (1 - self.beta2) * g * g
            m_hat = m / (1 - self.beta1 ** self.t)
            v_hat = v / (1 - self.beta2 ** self.t)
            a -= self.lr * m_hat / (np.sqrt(v_hat) + self.eps)


x = rng.uniform(-1, 1, (256, 2))
y = np.abs(x[:, [0]] - x[:, [1]]) + 0.5 * x[:, [0]]
layers = [Dense(2, 32, True), Dense(32, 1, False)]
opt = Adam([layers[0].W, layers[0].b, layers[1].W, layers[1].b], lr=0.03)


def predict(x):
    return layers[1].forward(layers[0].forward(x))


for epoch in range(60):
    for rows in np.array_split(rng.permutation(256), 8):
        g = 2 * (predict(x[rows]) - y[rows]) / len(rows)
        layers[0].backward(layers[1].backward(g))
        opt.step([layers[0].dW, layers[0].db, layers[1].dW, layers[1].db])
    if epoch % 6 == 0:
        print("epoch", epoch, "mse", np.mean((predict(x) - y) ** 2))
