# fit y = w*x + b by gradient descent
import numpy as np
import matplotlib.pyplot as plt

x = np.linspace(-2, 3, 60)
y = 1.7 * x - 0.6 + 0.2 * np.random.randn(60)

w = 0.0
b = 0.0
lr = 0.05
history = []

for step in range(500):
    y_hat = w * x + b
    mse = ((y_hat - y) ** 2).mean()
    history.append(mse)
    dw = 2 * ((y_hat - y) * x).mean()
    db = 2 * (y_hat - y).mean()
    w = w - lr * dw
    b = b - lr * db

print("w = %.3f  b = %.3f  mse = %.4f" % (w, b, mse))
print("numpy says", np.polyfit(x, y, 1))

fig, (left, right) = plt.subplots(1, 2, figsize=(9, 3))
left.scatter(x, y, s=8)
left.plot(x, w * x + b, "r")
right.plot(history)
right.set_yscale("log")
plt.show()
