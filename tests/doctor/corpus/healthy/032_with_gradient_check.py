import numpy as np

# Two-layer regression net. Before training the analytic gradient is compared
# with a numerical one, so I can trust the backprop.

np.random.seed(4)
X = np.random.uniform(-1, 1, (120, 3))
y = (np.sin(2 * X[:, 0]) + X[:, 1] * X[:, 2]).reshape(-1, 1)


def init_weights():
    return {
        'W1': np.random.randn(3, 25) * 0.8, 'b1': np.zeros(25),
        'W2': np.random.randn(25, 1) * 0.2, 'b2': np.zeros(1),
    }


def loss_fn(p, X, y):
    h = np.tanh(X.dot(p['W1']) + p['b1'])
    out = h.dot(p['W2']) + p['b2']
    return 0.5 * np.mean((out - y) ** 2), h, out


def grad_fn(p, X, y):
    loss, h, out = loss_fn(p, X, y)
    dout = (out - y) / len(X)
    dh = dout.dot(p['W2'].T) * (1 - h ** 2)
    return loss, {'W1': X.T.dot(dh), 'b1': dh.sum(0), 'W2': h.T.dot(dout), 'b2': dout.sum(0)}


def numerical_gradient(p, X, y, eps=1e-5):
    result = {}
    for name in p:
        g = np.zeros_like(p[name])
        it = np.nditer(p[name], flags=['multi_index'])
        while not it.finished:
            i = it.multi_index
            old = p[name][i]
            p[name][i] = old + eps
            plus = loss_fn(p, X, y)[0]
            p[name][i] = old - eps
            minus = loss_fn(p, X, y)[0]
            p[name][i] = old
            g[i] = (plus - minus) / (2 * eps)
            it.iternext()
        result[name] = g
    return result


params = init_weights()

_, analytic = grad_fn(params, X, y)
numeric = numerical_gradient(params, X, y)
for name in params:
    diff = np.abs(analytic[name] - numeric[name]).max() / (np.abs(numeric[name]).max() + 1e-12)
    print('gradient check %s: %.2e' % (name, diff))
    assert diff < 1e-6

lr = 0.2
for epoch in range(4000):
    loss, grads = grad_fn(params, X, y)
    for name in params:
        params[name] -= lr * grads[name]
    if epoch % 500 == 0:
        print('epoch %4d  loss %.6f' % (epoch, loss))
print('R2 = %.4f' % (1 - 2 * loss / y.var()))
