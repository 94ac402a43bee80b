import numpy as np

rng = np.random.default_rng(21)


class Dense:
    def __init__(self, n_in, n_out):
        limit = np.sqrt(6 / (n_in + n_out))
        self.W = rng.uniform(-limit, limit, (n_in, n_out))
        self.b = np.zeros(n_out)

    def forward(self, x):
        self.x = x
        return x @ self.W + self.b

    def backward(self, grad):
        self.dW, self.db = np.einsum("ni,no->io", self.x, grad), grad.sum(0)
        return grad @ self.W.T


class Tanh:
    def forward(self, x):
        self.out = np.tanh(x)
        return self.out

    def backward(self, grad):
        return grad * (1 - self.out * self.out)


class Adam:
    def __init__(self, layers, lr=0.01, beta1=0.9, beta2=0.999, eps=1e-8):
        self.layers, self.lr, self.t = layers, lr, 0
        self.beta1, self.beta2, self.eps = beta1, beta2, eps
        self.m = [[np.zeros_like(l.W), np.zeros_like(l.b)] for l in layers]
        self.v = [[np.zeros_like(l.W), np.zeros_like(l.b)] for l in layers]

    def step(self):
        self.t += 1
        for l, m, v in zip(self.layers, self.m, self.v):
            for k, (p, g) in enumerate([(l.W, l.dW), (l.b, l.db)]):
                m[k] = self.beta1 * m[k] + (1 - self.beta1) * g
                v[k] = self.beta2 * v[k] + (1 - self.beta2) * g**2
                m_hat = m[k] / (1 - self.beta1**self.t)
                v_hat = v[k] / (1 - self.beta2**self.t)
                p -= self.lr * m_hat / (np.sqrt(v_hat) + self.eps)


class Net:
    def __init__(self, *layers):
        self.layers = layers

    def forward(self, x):
        for layer in self.layers:
            x = layer.forward(x)
        return x

    def backward(self, grad):
        for layer in reversed(self.layers):
            grad = layer.backward(grad)

    def cross_entropy(self, x, y):
        z = self.forward(x)
        return np.mean(np.logaddexp(0, z) - y * z)  # log(1 + e^z) - y z


s = np.linspace(0.3, 1.0, 80)
arm = np.c_[s * np.cos(7 * s), s * np.sin(7 * s)]
X = np.r_[arm, -arm] + rng.normal(0, 0.02, (160, 2))
y = np.repeat([[0.0], [1.0]], 80, axis=0)

net = Net(Dense(2, 16), Tanh(), Dense(16, 16), Tanh(), Dense(16, 1))
dense = [l for l in net.layers if isinstance(l, Dense)]
opt = Adam(dense)

for epoch in range(1, 151):
    for idx in np.array_split(rng.permutation(160), 5):
        z = net.forward(X[idx])
        net.backward((1 / (1 + np.exp(-z)) - y[idx]) / len(idx))
        opt.step()
    loss = net.cross_entropy(X, y)
    if epoch % 15 == 0:
        print(f"{epoch=}  {loss=:.4f}")
print("accuracy", np.mean((net.forward(X) > 0) == y))

# /// faultbench
# task = "spirals"
# loop = 6
# parameters = ["[l.W for l in dense]", "[l.b for l in dense]"]
# loss = "loss"
# ///
