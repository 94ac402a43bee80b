import numpy as np

# recover a known linear map, no noise -> the error goes down to machine precision
A_true = np.array([[1.0, -2.0, 0.5], [0.3, 0.8, -1.1]])
shift = np.array([0.7, -0.2])

inputs = np.random.randn(100, 3)
targets = inputs @ A_true.T + shift

A = np.zeros((2, 3))
c = np.zeros(2)
lr = 0.2

for i in range(5000):
    pred = inputs @ A.T + c
    resid = pred - targets
    cost = np.sum(resid ** 2) / (2 * len(inputs))
    if i % 250 == 0:
        print("%4d  %.3e" % (i, cost))
    grad_A = resid.T @ inputs / len(inputs)
    grad_c = resid.mean(axis=0)
    A -= lr * grad_A
    c -= lr * grad_c

print(A)
print(c)
