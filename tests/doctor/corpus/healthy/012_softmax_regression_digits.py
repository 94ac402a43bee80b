'''multinomial logistic regression on 8x8 images of four shapes
W and b start at 0 (convex problem, no symmetry to break)'''
import numpy as np
np.random.seed(0)

def draw(kind):
    img = np.zeros((8, 8))
    r, c = np.random.randint(1, 4, 2)
    if kind == 0:       # horizontal bar
        img[r + 1, c - 1:c + 4] = 1
    elif kind == 1:     # vertical bar
        img[r - 1:r + 4, c + 1] = 1
    elif kind == 2:     # full square
        img[r:r + 3, c:c + 3] = 1
    else:               # frame of the picture
        img[0, :] = img[7, :] = img[:, 0] = img[:, 7] = 1
    return (img + 0.1 * np.random.randn(8, 8)).ravel()

labels = np.random.randint(0, 4, 1200)
images = np.array([draw(k) for k in labels])
Xtr, ytr = images[:1000], labels[:1000]
Xte, yte = images[1000:], labels[1000:]

def softmax(s):
    s = s - np.max(s, axis=1, keepdims=True)
    e = np.exp(s)
    return e / np.sum(e, axis=1, keepdims=True)

def evaluate(X, y):
    p = softmax(X.dot(W) + b)
    return -np.mean(np.log(p[np.arange(len(y)), y])), np.mean(p.argmax(axis=1) == y)

W = np.zeros((64, 4))
b = np.zeros(4)
lr = 0.5
batch_size = 50

for epoch in range(60):
    perm = np.random.permutation(len(Xtr))
    for s in range(0, len(Xtr), batch_size):
        idx = perm[s:s + batch_size]
        xb, yb = Xtr[idx], ytr[idx]
        probs = softmax(xb.dot(W) + b)
        batch_loss = -np.mean(np.log(probs[np.arange(len(yb)), yb]))
        probs[range(len(yb)), yb] -= 1
        probs /= len(yb)
        W -= lr * xb.T.dot(probs)
        b -= lr * probs.sum(axis=0)
    if (epoch + 1) % 10 == 0:
        train_loss, train_acc = evaluate(Xtr, ytr)
        test_loss, test_acc = evaluate(Xte, yte)
        print('epoch %3d | train loss %.4f acc %.3f | test loss %.4f acc %.3f'
              % (epoch + 1, train_loss, train_acc, test_loss, test_acc))
