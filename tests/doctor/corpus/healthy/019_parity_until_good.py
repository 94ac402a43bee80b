# 3 bit parity. Trains until the error is small enough.
import numpy as np
import itertools

inputs = np.array(list(itertools.product([-1, 1], repeat=3)), dtype=float)
parity = (np.sum(inputs > 0, axis=1) % 2).reshape(-1, 1) * 2.0 - 1.0     # -1 or 1

W = np.random.randn(3, 16) * 0.8
bW = np.random.randn(16) * 0.5
V = np.random.randn(16, 1) * 0.3
bV = np.zeros(1)

tolerance = 0.005
rate = 0.1
iteration = 0

while True:
    hid = np.tanh(np.dot(inputs, W) + bW)
    y = np.tanh(np.dot(hid, V) + bV)
    err = y - parity
    loss = np.mean(err ** 2) / 2

    if iteration % 200 == 0:
        print("iteration {:5d}   loss {:.5f}".format(iteration, loss))
    if loss < tolerance:
        print("good enough after", iteration, "iterations")
        break
    if iteration >= 30000:
        print("gave up")
        break

    delta2 = err * (1 - y ** 2) / len(inputs)
    delta1 = np.dot(delta2, V.T) * (1 - hid ** 2)
    V -= rate * np.dot(hid.T, delta2)
    bV -= rate * np.sum(delta2, axis=0)
    W -= rate * np.dot(inputs.T, delta1)
    bW -= rate * np.sum(delta1, axis=0)
    iteration += 1

print(np.c_[parity, y.round(2)])
