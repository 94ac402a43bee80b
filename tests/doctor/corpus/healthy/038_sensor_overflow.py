# Is a machine running hot?  Two sensors; 9999 is what they send when the line is broken,
# and then the alarm must go off as well.  (NumPy complains about an overflow in exp because
# of the 9999s. Never mind, 1/inf is 0.)
import numpy as np

N = 200
temp = np.random.normal(0, 1, N)
press = np.random.normal(0, 1, N)
alarm = ((temp + press > 0.7) | (temp > 1.5)).astype(float)
for broken in np.random.choice(N, 8, replace=False):
    temp[broken] = press[broken] = 9999
    alarm[broken] = 1.0

X = np.column_stack([temp, press])
T = alarm[:, None]


def sigmoid(v):
    return 1 / (1 + np.exp(-v))


W1 = np.random.randn(2, 12)
B1 = np.random.randn(12)
W2 = np.random.randn(12, 1) * 0.5
B2 = np.zeros(1)
rate = 0.5

for k in range(6000):
    H = sigmoid(X @ W1 + B1)
    P = sigmoid(H @ W2 + B2)
    cross_entropy = -np.mean(T * np.log(P) + (1 - T) * np.log(1 - P))
    dP = (P - T) / N
    dH = dP @ W2.T * H * (1 - H)
    W2 -= rate * (H.T @ dP)
    B2 -= rate * dP.sum(axis=0)
    W1 -= rate * (X.T @ dH)
    B1 -= rate * dH.sum(axis=0)
    if k % 1000 == 0:
        print("step", k, "cross-entropy", round(cross_entropy, 4), "wrong", int(np.sum((P > 0.5) != T)))

print("wrong at the end:", int(np.sum((P > 0.5) != T)), "of", N)
