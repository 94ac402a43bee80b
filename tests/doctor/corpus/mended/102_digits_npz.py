import numpy as np
from pathlib import Path

def get_digits():
    labels = np.random.randint(0, 10, 400)
    ink = (np.random.rand(10, 64) > 0.6) * 12.0
    images = np.clip(ink[labels] + 3 * np.random.rand(400, 64), 0, 16)
    return images / 16, labels


images, labels = get_digits()
images = np.hstack([images, np.ones((len(images), 1))])
target = np.eye(10)[labels]

w_ih = np.random.uniform(-0.5, 0.5, (65, 20))
w_ho = np.random.uniform(-0.5, 0.5, (21, 10))
learn_rate = 0.2


def forward(x):
    h = 1 / (1 + np.exp(-(x @ w_ih)))
    h = np.hstack([h, np.ones((len(x), 1))])
    return h, 1 / (1 + np.exp(-(h @ w_ho)))


for epoch in range(8):
    nr_correct = 0
    for n in range(len(images)):
        x = images[n:n + 1]
        h, o = forward(x)
        nr_correct += int(np.argmax(o) == labels[n])
        delta_o = (o - target[n:n + 1]) * o * (1 - o)
        delta_h = (delta_o @ w_ho.T * h * (1 - h))[:, :-1]
        w_ho -= learn_rate * h.T @ delta_o
        w_ih -= learn_rate * x.T @ delta_h
    print(f"Acc: {round(nr_correct / len(images) * 100, 2)}%")
