import numpy as np
np.random.seed(77)

def pinwheel(per_class, classes=4):
    feats = np.random.randn(classes * per_class, 2) * np.array([0.3, 0.05])
    feats[:, 0] += 1
    labels = np.repeat(np.arange(classes), per_class)
    ang = labels * 2 * np.pi / classes + 0.6 * np.exp(feats[:, 0]) / 2
    return np.stack([feats[:, 0] * np.cos(ang) - feats[:, 1] * np.sin(ang),
                     feats[:, 0] * np.sin(ang) + feats[:, 1] * np.cos(ang)], 1), labels

def lrelu(z, a=0.1):
    return np.where(z > 0, z, a * z)

def d_lrelu(z, a=0.1):
    return np.where(z > 0, 1.0, a)

def softmax(z):
    ez = np.exp(z - np.max(z, axis=-1, keepdims=True))
    return ez / np.sum(ez, axis=-1, keepdims=True)

def clip(g):
    return np.clip(g, -0.25, 0.25)

x, y = pinwheel(100)
x_val, y_val = pinwheel(50)

w1 = np.random.randn(2, 32) * np.sqrt(2 / 2); b1 = np.zeros(32)
w2 = np.random.randn(32, 32) * np.sqrt(2 / 32); b2 = np.zeros(32)
w3 = np.random.randn(32, 4) * np.sqrt(2 / 32); b3 = np.zeros(4)
lr = 0.1

def run(inp):
    z1 = inp @ w1 + b1; a1 = lrelu(z1)
    z2 = a1 @ w2 + b2; a2 = lrelu(z2)
    return z1, a1, z2, a2, softmax(a2 @ w3 + b3)

for epoch in range(100):
    shuffled = np.random.permutation(x.shape[0])
    for i in range(0, x.shape[0], 50):
        xb = x[shuffled[i:i+50]]; yb = y[shuffled[i:i+50]]
        z1, a1, z2, a2, p = run(xb)
        loss = np.mean(-np.log(p[np.arange(len(yb)), yb]))
        dz3 = p; dz3[np.arange(len(yb)), yb] -= 1; dz3 = dz3 / len(yb)
        dz2 = (dz3 @ w3.T) * d_lrelu(z2)
        dz1 = (dz2 @ w2.T) * d_lrelu(z1)
        w3 -= lr * clip(a2.T @ dz3); b3 -= lr * clip(dz3.sum(0))
        w2 -= lr * clip(a1.T @ dz2); b2 -= lr * clip(dz2.sum(0))
        w1 -= lr * clip(xb.T @ dz1); b1 -= lr * clip(dz1.sum(0))
    if epoch % 10 == 9:
        p_val = run(x_val)[-1]
        val_loss = np.mean(-np.log(p_val[np.arange(len(y_val)), y_val]))
        print('epoch', epoch + 1, 'batch loss', loss, 'val loss', val_loss,
              'val acc', np.mean(p_val.argmax(1) == y_val))
