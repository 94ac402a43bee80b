import numpy as np

generator = np.random.default_rng(9)

# a hilly surface over the plane
position = generator.uniform(-1.5, 1.5, size=(150, 2))
height = (np.sin(2 * position[:, 0]) + np.cos(2 * position[:, 1]))[:, np.newaxis]

W_in = generator.normal(size=(2, 24))
b_in = generator.normal(size=24)
W_out = generator.normal(size=(24, 1)) * 0.2
b_out = np.zeros(1)
weights = [W_in, b_in, W_out, b_out]
squares = [np.zeros_like(w) for w in weights]

# The running sum below has no (1 - memory) in front of grad ** 2, so it is
# 10 times the usual average, and the rate is sqrt(10) times the usual 0.01.
memory = 0.9
rate = 0.01 * np.sqrt(10)


def predict(where):
    hidden = np.tanh(where @ W_in + b_in)
    return hidden, hidden @ W_out + b_out


def mean_squared_error():
    return np.square(predict(position)[1] - height).mean()


for step in range(1600):
    pick = generator.choice(150, size=50, replace=False)
    hidden, guess = predict(position[pick])
    d_guess = 2 * (guess - height[pick]) / 50
    d_hidden = d_guess @ W_out.T * (1 - hidden * hidden)
    gradients = [position[pick].T @ d_hidden, d_hidden.sum(axis=0), hidden.T @ d_guess, d_guess.sum(axis=0)]

    current_rate = rate / (1 + step / 200)
    for weight, square, grad in zip(weights, squares, gradients):
        square *= memory
        square += grad**2
        weight -= current_rate * grad / (np.sqrt(square) + 1e-8)

    loss = mean_squared_error()
    if step % 200 == 0:
        print(f"{step:>6} steps: {loss:.5f}")

print(f"finished, error {loss:.5f}")
print("first five heights:", height[:5, 0].round(2))
print("first five guesses:", predict(position[:5])[1][:, 0].round(2))

# /// faultbench
# task = "regression"
# loop = 1
# parameters = ["weights"]
# loss = "loss"
# ///
