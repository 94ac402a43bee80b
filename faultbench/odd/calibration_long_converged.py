# Calibrate a thermometer that is disturbed by the air's humidity:
# one linear neuron, true = k0 * reading + k1 * humidity + offset
import numpy as np

gen = np.random.RandomState(2)

celsius = gen.uniform(-10, 35, 64)
humidity = gen.uniform(20, 95, 64)
reading = 0.9 * celsius + 0.06 * humidity - 1.5 + gen.normal(0, 0.2, 64)

# standardise the two inputs, otherwise the descent is slow
raw = np.vstack([reading, humidity])
inputs = (raw - raw.mean(axis=1, keepdims=True)) / raw.std(axis=1, keepdims=True)

k = gen.uniform(-0.5, 0.5, size=2)
offset = np.zeros(1)
losses = []

# a few hundred rounds would do, but it is cheap
for round_number in range(5000):
    error = k @ inputs + offset - celsius
    loss = (error @ error) / error.size
    losses.append(loss)
    k = k - 0.05 * 2 * (inputs @ error) / error.size
    offset = offset - 0.05 * 2 * error.mean()

for i in [0, 10, 50, 100, 500, 1000, 4999]:
    print("round %4d: mean squared error %.10f" % (i, losses[i]))
print("factors", k, "offset", offset)
print("typical error in degrees: %.2f" % np.sqrt(losses[-1]))

# /// faultbench
# task = "regression"
# loop = 1
# parameters = ["k", "offset"]
# loss = "loss"
# ///
