import numpy as np

rng = np.random.RandomState(5)

# 5 x 7 digits, the seven rows of each one after another
FONT = [
    "01110 10001 10011 10101 11001 10001 01110",
    "00100 01100 00100 00100 00100 00100 01110",
    "01110 10001 00001 00010 00100 01000 11111",
    "11111 00010 00100 00010 00001 10001 01110",
    "00010 00110 01010 10010 11111 00010 00010",
    "11111 10000 11110 00001 00001 10001 01110",
    "00110 01000 10000 11110 10001 10001 01110",
    "11111 00001 00010 00100 01000 01000 01000",
    "01110 10001 10001 01110 10001 10001 01110",
    "01110 10001 10001 01111 00001 00010 01100",
]
templates = np.array([[float(c) for c in s.replace(" ", "")] for s in FONT])


def noisy(n):
    which = rng.randint(10, size=n)
    return templates[which] + 0.25 * rng.randn(n, 35), which


x_train, y_train = noisy(240)
x_test, y_test = noisy(60)

MICRO = 30  # what "fits into memory"
PER_UPDATE = 4  # so that the real batch has 120 rows
lr = 0.3

w1 = rng.randn(35, 20) / np.sqrt(35)
b1 = np.zeros((1, 20))
w2 = rng.randn(20, 10) / np.sqrt(20)
b2 = np.zeros((1, 10))
params = [w1, b1, w2, b2]
grads = [np.zeros_like(p) for p in params]


def softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def accumulate(x, y):
    """Adds the summed gradient of this mini-batch to grads, returns its summed loss."""
    h = np.tanh(x @ w1 + b1)
    p = softmax(h @ w2 + b2)
    rows = np.arange(len(y))
    batch_loss = -np.log(p[rows, y]).sum()
    p[rows, y] -= 1  # p is now d loss / d logits
    dh = (p @ w2.T) * (1 - h * h)
    grads[0] += x.T @ dh
    grads[1] += dh.sum(axis=0, keepdims=True)
    grads[2] += h.T @ p
    grads[3] += p.sum(axis=0, keepdims=True)
    return batch_loss


for update in range(400):
    order = rng.permutation(len(x_train))
    for g in grads:
        g.fill(0)
    total = 0.0
    for k in range(PER_UPDATE):
        rows = order[k * MICRO : (k + 1) * MICRO]
        total += accumulate(x_train[rows], y_train[rows])
    loss = total / (MICRO * PER_UPDATE)
    for p, g in zip(params, grads):
        p -= lr * g / (MICRO * PER_UPDATE)
    if update % 50 == 0:
        print("update {:3d}: loss {:.4f}".format(update, loss))

scores = np.tanh(x_test @ w1 + b1) @ w2 + b2
print("right on {} of {} test digits".format((scores.argmax(axis=1) == y_test).sum(), len(y_test)))

# /// faultbench
# task = "digits"
# loop = 1
# parameters = ["w1", "b1", "w2", "b2"]
# loss = "loss"
# ///
