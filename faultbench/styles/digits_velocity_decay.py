import numpy as np

np.random.seed(1234)

DIGITS = """
.###. ..#.. .###. ####. ...#. ##### .###. ##### .###. .###.
#...# .##.. #...# ....# ..##. #.... #.... ....# #...# #...#
#...# ..#.. ....# ....# .#.#. ####. #.... ...#. #...# #...#
#...# ..#.. ...#. .###. #..#. ....# ####. ..#.. .###. .####
#...# ..#.. ..#.. ....# ##### ....# #...# ..#.. #...# ....#
#...# ..#.. .#... ....# ...#. #...# #...# ..#.. #...# ....#
.###. .###. ##### ####. ...#. .###. .###. ..#.. .###. .###.
"""
lines = [row.split() for row in DIGITS.strip().splitlines()]
bitmaps = np.array([[c == "#" for row in lines for c in row[d]] for d in range(10)], dtype=float)


def noisy_copies(count):
    target = np.tile(np.arange(10), count)
    images = bitmaps[target] + 0.25 * np.random.randn(len(target), 35)
    return images - 0.5, target


X_train, y_train = noisy_copies(20)
X_test, y_test = noisy_copies(8)

sizes = {"W1": (35, 24), "W2": (24, 16), "W3": (16, 10)}
param = {}
for name, (fan_in, fan_out) in sizes.items():
    param[name] = np.random.randn(fan_in, fan_out) / np.sqrt(fan_in)
    param[name.replace("W", "b")] = np.zeros(fan_out)
velocity = {name: np.zeros_like(value) for name, value in param.items()}


def forward(X):
    h1 = np.tanh(np.dot(X, param["W1"]) + param["b1"])
    h2 = np.tanh(np.dot(h1, param["W2"]) + param["b2"])
    scores = np.dot(h2, param["W3"]) + param["b3"]
    e = np.exp(scores - scores.max(axis=1, keepdims=True))
    return h1, h2, e / e.sum(axis=1, keepdims=True)


batch_size = 25
learning_rate = 0.05
momentum = 0.9
shuffled = np.arange(len(X_train))

for epoch in range(160):
    np.random.shuffle(shuffled)
    batch_losses = []
    for i in range(0, len(shuffled), batch_size):
        idx = shuffled[i : i + batch_size]
        X, y = X_train[idx], y_train[idx]
        onehot = np.zeros((batch_size, 10))
        onehot[np.arange(batch_size), y] = 1

        h1, h2, prob = forward(X)
        batch_losses.append(-np.sum(onehot * np.log(prob)) / batch_size)

        grad = {}
        d3 = (prob - onehot) / batch_size
        grad["W3"], grad["b3"] = np.dot(h2.T, d3), d3.sum(axis=0)
        d2 = np.dot(d3, param["W3"].T) * (1 - h2**2)
        grad["W2"], grad["b2"] = np.dot(h1.T, d2), d2.sum(axis=0)
        d1 = np.dot(d2, param["W2"].T) * (1 - h1**2)
        grad["W1"], grad["b1"] = np.dot(X.T, d1), d1.sum(axis=0)

        for name in param:
            velocity[name] = momentum * velocity[name] - learning_rate * grad[name]
            param[name] += velocity[name]

    learning_rate *= 0.98
    loss = np.mean(batch_losses)
    if (epoch + 1) % 20 == 0 or epoch == 0:
        print("epoch %3d | loss %.4f | lr %.4f" % (epoch + 1, loss, learning_rate))

guessed = np.argmax(forward(X_test)[2], axis=1)
print("test accuracy: %.3f" % np.mean(guessed == y_test))

# /// faultbench
# task = "digits"
# loop = 3
# parameters = ["list(param.values())"]
# loss = "loss"
# ///
