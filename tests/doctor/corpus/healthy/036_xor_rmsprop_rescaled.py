#!/usr/bin/python3
# XOR again, this time RMSProp.  Learns from very small weights too.
import numpy as np
import matplotlib.pyplot as plt

x = np.array ([[0,1,0,1],[0,0,1,1]])
d = np.array ([[0,1,1,0]])
n = [2, 6, 1]
m = x.shape[1]

def sigma (s):
  return 1 / (1 + np.exp (-s))

np.random.seed (3)
w = [None]; b = [None]
for l in 1, 2:
  w.append (np.random.randn (n[l], n[l-1]) * 0.1)
  b.append (np.zeros ((n[l], 1)))

decay = 0.95
lr = 0.01
Sw = [np.zeros_like (t) for t in w[1:]]
Sb = [np.zeros_like (t) for t in b[1:]]
trace = []
for i in range (2500):
  y1 = np.tanh (w[1] @ x + b[1])
  y2 = sigma (w[2] @ y1 + b[2])
  E = - np.sum (d * np.log (y2) + (1-d) * np.log (1-y2)) / m
  trace.append (E)

  e2 = (y2 - d) / m
  e1 = w[2].T @ e2 * (1 - y1**2)
  gw = [e1 @ x.T, e2 @ y1.T]
  gb = [e1.sum (axis=1, keepdims=True), e2.sum (axis=1, keepdims=True)]
  for l in 0, 1:
    # factor 1 instead of (1-decay): the averages are 20 times larger, only rescales lr
    Sw[l] = decay * Sw[l] + np.square (gw[l])
    Sb[l] = decay * Sb[l] + np.square (gb[l])
    w[l+1] = w[l+1] - lr * gw[l] / (np.sqrt (Sw[l]) + 1e-9)
    b[l+1] = b[l+1] - lr * gb[l] / (np.sqrt (Sb[l]) + 1e-9)
  if i % 500 == 0:
    print (i, E)

print (y2)
plt.plot (trace)
plt.show ()
