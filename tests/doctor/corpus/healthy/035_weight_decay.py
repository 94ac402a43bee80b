import numpy as np

class MLP:
    '''sigmoid hidden layers, softmax on top, L2 penalty on the weights (not on the biases)'''

    def __init__(self, layers, alpha=1e-3, lr=0.5):
        self.alpha = alpha
        self.lr = lr
        self.W = []
        self.b = []
        for i in range(len(layers) - 1):
            r = 4 * np.sqrt(6. / (layers[i] + layers[i+1]))
            self.W.append(np.random.uniform(-r, r, size=(layers[i], layers[i+1])))
            self.b.append(np.zeros(layers[i+1]))

    def forward(self, X):
        self.a = [X]
        for i in range(len(self.W)):
            z = self.a[i].dot(self.W[i]) + self.b[i]
            if i < len(self.W) - 1:
                self.a.append(1 / (1 + np.exp(-z)))
            else:
                z -= z.max(axis=1)[:, None]
                e = np.exp(z)
                self.a.append(e / e.sum(axis=1)[:, None])
        return self.a[-1]

    def loss(self, Y):
        data = -np.sum(Y * np.log(self.a[-1] + 1e-300)) / Y.shape[0]
        penalty = sum(np.sum(W * W) for W in self.W)
        return data + 0.5 * self.alpha * penalty

    def backward(self, Y):
        delta = (self.a[-1] - Y) / Y.shape[0]
        self.gW, self.gb = [], []
        for i in range(len(self.W) - 1, -1, -1):
            self.gW.insert(0, self.a[i].T.dot(delta) + self.alpha * self.W[i])
            self.gb.insert(0, delta.sum(axis=0))
            if i:
                delta = delta.dot(self.W[i].T) * self.a[i] * (1 - self.a[i])

    def step(self):
        for i in range(len(self.W)):
            self.W[i] -= self.lr * self.gW[i]
            self.b[i] -= self.lr * self.gb[i]

    def predict(self, X):
        return np.argmax(self.forward(X), axis=1)


def sample(n):
    # disc inside a ring, and a blob to the right
    k = np.random.randint(0, 3, n)
    phi = np.random.rand(n) * 2 * np.pi
    r = np.where(k == 0, 0.5 * np.random.rand(n), 1.3 + 0.2 * np.random.rand(n))
    P = np.stack([r * np.cos(phi), r * np.sin(phi)], axis=1)
    P[k == 2] = np.random.randn((k == 2).sum(), 2) * 0.25 + [3, 0]
    return P, k

X, k = sample(300)
Y = np.eye(3)[k]
X_test, k_test = sample(200)

net = MLP([2, 20, 3])
for epoch in range(4000):
    net.forward(X)
    loss = net.loss(Y)
    net.backward(Y)
    net.step()
    if epoch % 500 == 0:
        print(epoch, 'loss (with penalty)', loss, 'test accuracy', np.mean(net.predict(X_test) == k_test))
print('test accuracy', np.mean(net.predict(X_test) == k_test))
