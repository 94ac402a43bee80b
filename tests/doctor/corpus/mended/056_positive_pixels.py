import numpy as np

rng = np.random.RandomState()

# 10 x 10 pictures: a bright square in one of four corners
def pictures(n):
    c = rng.randint(0, 4, n)
    img = 0.5 * rng.rand(n, 10, 10)
    for k in range(n):
        r0, c0 = divmod(c[k], 2)
        img[k, 5 * r0:5 * r0 + 5, 5 * c0:5 * c0 + 5] += 0.2 + 0.3 * rng.rand()
    return img.reshape(n, 100), c


train_x, train_c = pictures(600)
test_x, test_c = pictures(200)
train_t = np.eye(4)[train_c] * 0.98 + 0.01

wih = rng.randn(100, 20) * 0.1
bh = np.zeros(20)
who = rng.randn(20, 4) * 0.2
bo = np.zeros(4)


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def query(x):
    h = sigmoid(x @ wih + bh)
    return h, sigmoid(h @ who + bo)


def learn(x, t, lr):
    global wih, bh, who, bo
    h, o = query(x)
    do = (o - t) * o * (1 - o) / len(x)
    dh = do @ who.T * h * (1 - h)
    who = who - lr * h.T @ do
    bo = bo - lr * do.sum(axis=0)
    wih = wih - lr * x.T @ dh
    bh = bh - lr * dh.sum(axis=0)
    return 0.5 * np.mean(np.sum((o - t) ** 2, axis=1))


for epoch in range(40):
    shuffled = rng.permutation(len(train_x))
    costs = []
    for k in range(0, len(train_x), 50):
        rows = shuffled[k:k + 50]
        costs.append(learn(train_x[rows], train_t[rows], 2.0))
    if epoch % 4 == 0:
        print("epoch", epoch, "cost", np.mean(costs))
print("test accuracy:", np.mean(query(test_x)[1].argmax(axis=1) == test_c))
