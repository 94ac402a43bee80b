"""All weights live in one vector; W1, b1, ... are views into it."""
import numpy as np

rng = np.random.default_rng()

# four clouds, opposite corners share a class
centers = np.array([[2, 2], [-2, -2], [2, -2], [-2, 2]])
which = rng.integers(0, 4, 240)
X = centers[which] + 0.6 * rng.standard_normal((240, 2))
y = which // 2
onehot = np.eye(2)[y]

D, H, C = 2, 16, 2
shapes = [(D, H), (H,), (H, C), (C,)]
n_params = sum(int(np.prod(s)) for s in shapes)


def views(vector):
    out, pos = [], 0
    for s in shapes:
        size = int(np.prod(s))
        out.append(vector[pos:pos + size].reshape(s))
        pos += size
    return out


theta = np.zeros(n_params)
gtheta = np.zeros(n_params)
W1, b1, W2, b2 = views(theta)
gW1, gb1, gW2, gb2 = views(gtheta)
W1[...] = rng.standard_normal(W1.shape) * 0.7
b1[...] = rng.standard_normal(b1.shape) * 0.3
W2[...] = rng.standard_normal(W2.shape) / np.sqrt(H)


def loss_and_grad():
    a = np.tanh(X @ W1 + b1)
    s = a @ W2 + b2
    s = s - s.max(axis=1, keepdims=True)
    p = np.exp(s)
    p /= p.sum(axis=1, keepdims=True)
    ds = (p - onehot) / len(X)
    gW2[...] = a.T @ ds
    gb2[...] = ds.sum(axis=0)
    da = ds @ W2.T
    da *= 1 - a * a
    gW1[...] = X.T @ da
    gb1[...] = da.sum(axis=0)
    return -np.log(p[np.arange(len(y)), y]).mean(), (p.argmax(axis=1) == y).mean()


velocity = np.zeros(n_params)
lr, mu = 0.1, 0.9
for it in range(400):
    # Nesterov: look ahead, take the gradient there, step from where we were
    theta += mu * velocity
    loss, acc = loss_and_grad()
    theta -= mu * velocity
    velocity = mu * velocity - lr * gtheta
    theta += velocity
    if it % 50 == 0:
        print("it %d: loss %.4f acc %.3f |g| %.2e" % (it, loss, acc, np.linalg.norm(gtheta)))
print("done", loss, acc)
