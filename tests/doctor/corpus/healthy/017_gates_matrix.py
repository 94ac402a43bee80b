from numpy import matrix, multiply, exp, ones, log
import numpy as np

# one net, four gates at once: AND, OR, XOR, NAND
X = matrix("0 0; 0 1; 1 0; 1 1")
T = matrix([[0, 0, 0, 1],
            [0, 1, 1, 1],
            [0, 1, 1, 1],
            [1, 1, 0, 0]])

np.random.seed(12)
V = matrix(np.random.randn(2, 8))
c = matrix(np.random.randn(1, 8)) * 0.1
W = matrix(np.random.randn(8, 4)) * 0.4
d = matrix(np.zeros((1, 4)))
eta = 0.3
one = matrix(ones((4, 1)))

def logistic(a):
    return 1 / (1 + exp(-a))

for n in range(5000):
    # * is the matrix product here!
    H = np.tanh(X * V + one * c)
    O = logistic(H * W + one * d)
    E = -np.sum(multiply(T, log(O)) + multiply(1 - T, log(1 - O)))
    if n % 500 == 0:
        print(n, E)
    dO = O - T
    dH = multiply(dO * W.T, 1 - multiply(H, H))
    W = W - eta * H.T * dO
    d = d - eta * dO.sum(axis=0)
    V = V - eta * X.T * dH
    c = c - eta * dH.sum(axis=0)

print(O.round(2))
