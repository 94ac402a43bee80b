import numpy as np

np.random.seed(33)

# yes/no answers to nine questions, two parties
nq, nv = 9, 160
lean = np.random.rand(nq, 2)
party = np.random.randint(0, 2, nv)
votes = (np.random.rand(nq, nv) < lean[:, party]).astype(float)
goal = party.reshape(1, nv)

Wh = np.random.randn(5, nq) * 0.4
bh = np.zeros((5, 1))
Wy = np.random.randn(1, 5) * 0.4
by = np.zeros((1, 1))


def squash(z):
    return 1 / (1 + np.exp(-z))


def forward():
    global H, out
    H = squash(Wh @ votes + bh)
    out = squash(Wy @ H + by)
    return np.sum((out - goal) ** 2) / (2 * nv)


def output_step(rate):
    global dout, Wy, by
    dout = (out - goal) * out * (1 - out) / nv
    Wy = Wy - rate * dout @ H.T
    by = by - rate * dout.sum(axis=1, keepdims=True)


def hidden_step(rate):
    global Wh, bh
    dh = Wy.T @ dout * H * (1 - H)
    Wh = Wh - rate * dh @ votes.T
    bh = bh - rate * dh.sum(axis=1, keepdims=True)


for t in range(3000):
    cost = forward()
    output_step(1.0)
    hidden_step(1.0)
    if t % 300 == 0:
        print(t, cost, np.mean((out > 0.5) == goal))
