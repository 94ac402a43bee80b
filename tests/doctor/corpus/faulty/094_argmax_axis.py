import numpy as np

gen = np.random.RandomState()
n_class, dim = 6, 10
templates = gen.uniform(-1, 1, (n_class, dim))
labels = gen.randint(0, n_class, 480)
data = templates[labels] + gen.normal(0, 0.4, (480, dim))
target = np.eye(n_class)[labels]

V = gen.normal(0, 0.4, (dim, 20))
v = np.zeros((1, 20))
U = gen.normal(0, 0.3, (20, n_class))
u = np.zeros((1, n_class))


def softmax(a):
    a = np.exp(a - a.max(axis=1, keepdims=True))
    return a / a.sum(axis=1, keepdims=True)


for epoch in range(30):
    perm = gen.permutation(480)
    for j in range(0, 480, 24):
        x, t = data[perm[j:j + 24]], target[perm[j:j + 24]]
        s = np.maximum(x @ V + v, 0)
        q = softmax(s @ U + u)
        du = (q - t) / 24
        dv = du @ U.T * (s > 0)
        U -= 0.3 * s.T @ du
        u -= 0.3 * du.sum(axis=0, keepdims=True)
        V -= 0.3 * x.T @ dv
        v -= 0.3 * dv.sum(axis=0, keepdims=True)

    Q = softmax(np.maximum(data @ V + v, 0) @ U + u)
    right = np.argmax(Q, axis=0) == np.argmax(target, axis=0)
    if epoch % 3 == 0:
        print("epoch", epoch, "accuracy", right.mean())
