import numpy as np
from minilib import Adam, LeakyReLU, Linear, Sequential, logistic_loss

np.random.seed(31)

points = np.random.uniform(-1.5, 1.5, (1000, 2))
labels = ((np.floor(points[:, 0] + 0.5) + np.floor(points[:, 1] + 0.5)) % 2).reshape(-1, 1)
train_x, train_y = points[:800], labels[:800]
test_x, test_y = points[800:], labels[800:]

model = Sequential(Linear(2, 48), LeakyReLU(), Linear(48, 48), LeakyReLU(), Linear(48, 1))
optimizer = Adam(model.params(), lr=0.01)

for epoch in range(100):
    order = np.random.permutation(len(train_x))
    epoch_loss = 0.0
    for batch in np.array_split(order, 16):
        loss, grad = logistic_loss(model(train_x[batch]), train_y[batch])
        model.back(grad)
        optimizer.step()
        epoch_loss += loss / 16
    if epoch % 10 == 9:
        correct = np.mean((model(test_x) > 0) == (test_y > 0.5))
        print("epoch %d  loss %.4f  test accuracy %.3f" % (epoch + 1, epoch_loss, correct))
