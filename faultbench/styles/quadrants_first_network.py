# my first neural network!!
# points in the plane: class 1 if x and y have different signs (like XOR), else 0
import numpy as np

np.random.seed(1)

# make the data
points = []
answers = []
while len(points) < 20:
    p = np.random.uniform(-1, 1, 2)
    if abs(p[0]) > 0.15 and abs(p[1]) > 0.15:   # not too close to the axes
        points.append(p)
        if p[0] * p[1] < 0:
            answers.append(1)
        else:
            answers.append(0)

# 2 inputs, 8 hidden neurons, 1 output
w_hidden = np.random.randn(8, 2) * 1.5
b_hidden = np.random.randn(8) * 0.5
w_out = np.random.randn(8) * 0.5
b_out = np.zeros(1)

# for the momentum
last_w_hidden = np.zeros((8, 2))
last_b_hidden = np.zeros(8)
last_w_out = np.zeros(8)
last_b_out = np.zeros(1)

learning_rate = 1.0
momentum = 0.9

for epoch in range(320):
    # start with empty gradients
    grad_w_hidden = np.zeros((8, 2))
    grad_b_hidden = np.zeros(8)
    grad_w_out = np.zeros(8)
    grad_b_out = np.zeros(1)
    error_sum = 0

    for p, answer in zip(points, answers):
        # forward pass
        hidden = 1 / (1 + np.exp(-(np.dot(w_hidden, p) + b_hidden)))
        output = 1 / (1 + np.exp(-(np.dot(w_out, hidden) + b_out)))
        error_sum = error_sum + (output[0] - answer) ** 2

        # backward pass
        d_output = 2 * (output - answer) * output * (1 - output)
        d_hidden = d_output * w_out * hidden * (1 - hidden)

        # add it up
        grad_w_out += d_output * hidden
        grad_b_out += d_output
        grad_b_hidden += d_hidden
        grad_w_hidden += np.outer(d_hidden, p)

    loss = error_sum / len(points)

    # average gradient, with momentum
    last_w_hidden = momentum * last_w_hidden - learning_rate * grad_w_hidden / len(points)
    last_b_hidden = momentum * last_b_hidden - learning_rate * grad_b_hidden / len(points)
    last_w_out = momentum * last_w_out - learning_rate * grad_w_out / len(points)
    last_b_out = momentum * last_b_out - learning_rate * grad_b_out / len(points)

    w_hidden = w_hidden + last_w_hidden
    b_hidden = b_hidden + last_b_hidden
    w_out = w_out + last_w_out
    b_out = b_out + last_b_out

    if epoch % 50 == 0:
        print("epoch " + str(epoch) + " loss: " + str(loss))

print("final loss: " + str(loss))
correct = 0
for p, answer in zip(points, answers):
    hidden = 1 / (1 + np.exp(-(np.dot(w_hidden, p) + b_hidden)))
    output = 1 / (1 + np.exp(-(np.dot(w_out, hidden) + b_out)))
    if round(float(output[0])) == answer:
        correct += 1
print("correct: " + str(correct) + " / " + str(len(points)))

# /// faultbench
# task = "xor"
# loop = 2
# parameters = ["w_hidden", "b_hidden", "w_out", "b_out"]
# loss = "loss"
# ///
