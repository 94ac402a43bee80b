# The 8-3-8 encoder: squeeze eight one-hot patterns through three sigmoid units
# and get them back at the other end. The hidden layer invents a binary-ish code.
import numpy as np

np.random.seed(33)
sig = lambda z: 1 / (1 + np.exp(-z))
xent = lambda O, T: -np.sum(T * np.log(O) + (1 - T) * np.log(1 - O)) / len(T)

I8 = np.eye(8)
V, c = np.random.uniform(-0.5, 0.5, (8, 3)), np.zeros((1, 3))  # into the code
U, d = np.random.uniform(-0.5, 0.5, (3, 8)), np.zeros((1, 8))  # out of the code
eta = 2.0

for n in range(4001):
    H = sig(I8 @ V + c)
    O = sig(H @ U + d)
    ce = xent(O, I8)
    if n % 500 == 0:
        print(n, "cross-entropy", np.round(ce, 4))
    dO = (O - I8) / 8
    dH = dO @ U.T * H * (1 - H)
    U, d = U - eta * H.T @ dO, d - eta * dO.sum(0, keepdims=True)
    V, c = V - eta * I8.T @ dH, c - eta * dH.sum(0, keepdims=True)

code = sig(I8 @ V + c)
back = sig(code @ U + d).argmax(1)
print("\nin  code               out")
for k in range(8):
    print(f"{k}   {np.round(code[k], 2)!s:18} {back[k]}")
print("recovered", np.sum(back == np.arange(8)), "of 8")

# /// faultbench
# task = "encoder 8-3-8"
# loop = 1
# parameters = ["V", "c", "U", "d"]
# loss = "ce"
# ///
