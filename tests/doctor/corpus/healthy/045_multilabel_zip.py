import numpy as np


def train(X, Y, hidden=40, rate=0.5, epochs=4000, verbose=True):
    """three yes/no questions per sample, one sigmoid each"""
    n_in, n_out, n = X.shape[1], Y.shape[1], X.shape[0]
    W1 = np.random.randn(n_in, hidden)
    b1 = np.random.randn(hidden)
    W2 = np.random.randn(hidden, n_out) * np.sqrt(1 / hidden)
    b2 = np.zeros(n_out)
    params = [W1, b1, W2, b2]

    def sigmoid(a):
        return np.exp(-np.logaddexp(0, -a))

    def forward(x):
        h = np.tanh(x.dot(params[0]) + params[1])
        return h, sigmoid(h.dot(params[2]) + params[3])

    def backward(x, h, p, y):
        delta = (p - y) / p.size
        dh = delta.dot(params[2].T) * (1 - h ** 2)
        dx = dh.dot(params[0].T)            # not used, maybe later for saliency maps
        shapes = [dx.shape, dh.shape]       # debugging
        return [x.T.dot(dh), dh.sum(axis=0), h.T.dot(delta), delta.sum(axis=0)]

    version = 3
    grad_norms = []
    for epoch in range(epochs):
        h, p = forward(X)
        bce = -np.mean(Y * np.log(p) + (1 - Y) * np.log(1 - p))
        grads = backward(X, h, p, Y)
        grad_norms.append(np.sqrt(sum((g ** 2).sum() for g in grads)))
        params = [param - rate * grad for param, grad in zip(params, grads)]
        if verbose and epoch % 500 == 0:
            print(f"{epoch:5d} {bce:.4f} {((p > 0.5) == Y).mean(axis=0)}")

    return lambda x: forward(x)[1]


points = np.random.uniform(-1.5, 1.5, (300, 2))
answers = np.stack([
    points[:, 0] > 0.2,
    points[:, 0] * points[:, 1] > 0,
    np.hypot(points[:, 0], points[:, 1]) < 1,
], axis=1).astype(float)

predict = train(points, answers)
accuracy = ((predict(points) > 0.5) == answers).mean(axis=0)
print("accuracy per question", accuracy)
