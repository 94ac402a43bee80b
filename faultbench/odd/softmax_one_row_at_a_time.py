import numpy as np

rng = np.random.RandomState(77)

# three bunches of points around a triangle
corners = np.array([[0.0, 1.5], [1.3, -0.8], [-1.3, -0.8]])
X, labels = [], []
for i in range(75):
    X.append(corners[i % 3] + rng.normal(scale=0.4, size=2))
    labels.append(i % 3)


def softmax(v):
    # v is always one row of scores
    e = np.exp(v - np.max(v))
    return e / np.sum(e)


class Net:
    def __init__(self, n_in, n_hid, n_out):
        self.U = rng.normal(scale=0.5, size=(n_hid, n_in))
        self.u = np.zeros(n_hid)
        self.V = rng.normal(scale=0.5, size=(n_out, n_hid))
        self.v = np.zeros(n_out)

    def forward(self, x):
        self.x = x
        self.h = np.tanh(self.U @ x + self.u)
        self.p = softmax(self.V @ self.h + self.v)
        return self.p

    def learn(self, label, lr):
        d = self.p.copy()
        d[label] -= 1
        dh = (self.V.T @ d) * (1 - self.h**2)
        self.V -= lr * d[:, None] * self.h
        self.v -= lr * d
        self.U -= lr * dh[:, None] * self.x
        self.u -= lr * dh


net = Net(2, 6, 3)
order = np.arange(len(X))
for epoch in range(60):
    rng.shuffle(order)
    loss_sum = 0
    for i in order:
        p = net.forward(X[i])
        loss_sum += -np.log(p[labels[i]])
        net.learn(labels[i], 0.1)
    loss = loss_sum / len(X)
    if epoch % 10 == 0:
        print("Epoch:", epoch, "Loss:", round(loss, 4))

hits = sum(int(np.argmax(net.forward(x)) == k) for x, k in zip(X, labels))
print("Accuracy: {}/{}".format(hits, len(X)))

# /// faultbench
# task = "clusters"
# loop = 3
# parameters = ["net.U", "net.u", "net.V", "net.v"]
# loss = "loss"
# ///
