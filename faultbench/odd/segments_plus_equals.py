# Which properties has the digit that a seven-segment display shows?
import numpy as np

np.random.seed(14)

#            a  b  c  d  e  f  g
display = np.array(
    [
        [1, 1, 1, 1, 1, 1, 0],  # 0
        [0, 1, 1, 0, 0, 0, 0],  # 1
        [1, 1, 0, 1, 1, 0, 1],  # 2
        [1, 1, 1, 1, 0, 0, 1],  # 3
        [0, 1, 1, 0, 0, 1, 1],  # 4
        [1, 0, 1, 1, 0, 1, 1],  # 5
        [1, 0, 1, 1, 1, 1, 1],  # 6
        [1, 1, 1, 0, 0, 0, 0],  # 7
        [1, 1, 1, 1, 1, 1, 1],  # 8
        [1, 1, 1, 1, 0, 1, 1],
    ]
)  # 9
digit = np.arange(10)
target = np.column_stack([digit % 2 == 1, digit >= 5, digit % 3 == 0]).astype(float)

syn0 = np.random.normal(0, 1, (7, 12))
off0 = np.zeros(12)
syn1 = np.random.normal(0, 1, (12, 3))
off1 = np.zeros(3)

rate = 0.5

for i in range(3000):
    hidden = 1 / (1 + np.exp(-(np.dot(display, syn0) + off0)))
    output = 1 / (1 + np.exp(-(np.dot(hidden, syn1) + off1)))

    missing = target - output
    loss = np.sum(missing**2) / 2

    step1 = missing * output * (1 - output)
    step0 = np.dot(step1, syn1.T) * hidden * (1 - hidden)

    # "missing" is target minus output, so everything is added
    syn1 += rate * np.dot(hidden.T, step1)
    off1 += rate * np.sum(step1, axis=0)
    syn0 += rate * np.dot(display.T, step0)
    off0 += rate * np.sum(step0, axis=0)

    if i % 500 == 0:
        print("after", i, "rounds the error is", loss)

print("digit  odd  5+  multiple of 3")
for d, o in zip(digit, output):
    print(d, "    ", (o > 0.5).astype(int))
print("right:", np.mean((output > 0.5) == (target > 0.5)))

# /// faultbench
# task = "segments"
# loop = 1
# parameters = ["syn0", "off0", "syn1", "off1"]
# loss = "loss"
# ///
