import numpy as np

rs = np.random.RandomState(9)

# four corners and the middle
corners = np.array([[-1, -1], [-1, 1], [1, -1], [1, 1], [0, 0]])
which = rs.randint(0, 5, 400)
data = corners[which] + 0.25 * rs.randn(400, 2)
onehot = np.eye(5)[which]

W = rs.randn(2, 16)
b = np.zeros(16)
V = rs.randn(16, 5) * 0.1
c = np.zeros(5)


def softmax(s):
    s = np.exp(s - s.max(axis=1, keepdims=True))
    return s / s.sum(axis=1, keepdims=True)


rate = 0.5
for epoch in range(60):
    idx = rs.permutation(400)
    for i in range(0, 400, 40):
        x, t = data[idx[i:i + 40]], onehot[idx[i:i + 40]]
        h = np.tanh(x @ W + b)
        p = softmax(h @ V + c)
        d = (p - t) / len(x)
        e = d @ V.T * (1 - h * h)
        V -= rate * h.T @ d
        c -= rate * d.sum(axis=0)
        W -= rate * x.T @ e
        b -= rate * e.sum(axis=0)
        rate *= 0.7
    P = softmax(np.tanh(data @ W + b) @ V + c)
    ce = -np.mean(np.sum(onehot * np.log(P), axis=1))
    if epoch % 6 == 0:
        print("epoch", epoch, "cross entropy", ce, "hits", np.mean(P.argmax(axis=1) == which))
