# Two moons, all the weights live in ONE vector theta.
import numpy as np

rng = np.random.default_rng(12)
H = 10

# ---- data -------------------------------------------------------
t = rng.uniform(0, np.pi, size=60)
upper = np.stack([np.cos(t), np.sin(t)], axis=1)
lower = np.stack([1 - np.cos(t), 0.5 - np.sin(t)], axis=1)
points = np.vstack([upper, lower]) + rng.normal(0, 0.08, size=(120, 2))
labels = np.repeat([0.0, 1.0], 60)[:, None]


def split(theta):
    """Views into theta: nothing is copied here."""
    W = theta[: 2 * H].reshape(2, H)
    b = theta[2 * H : 3 * H]
    v = theta[3 * H : 4 * H].reshape(H, 1)
    c = theta[4 * H :]
    return W, b, v, c


def loss_and_grad(theta):
    W, b, v, c = split(theta)
    hidden = np.tanh(points @ W + b)
    logit = hidden @ v + c
    prob = 1 / (1 + np.exp(-logit))
    # -log p for label 1, -log(1 - p) for label 0, written with the logit
    loss = np.mean(np.logaddexp(0, logit) - labels * logit)

    grad = np.empty_like(theta)
    gW, gb, gv, gc = split(grad)
    d_logit = (prob - labels) / len(points)
    gv[:] = hidden.T @ d_logit
    gc[:] = d_logit.sum()
    d_hidden = d_logit @ v.T * (1 - hidden**2)
    gW[:] = points.T @ d_hidden
    gb[:] = d_hidden.sum(axis=0)
    return loss, grad


theta = rng.normal(0, 0.7, size=4 * H + 1)
theta[2 * H : 3 * H] = 0
theta[-1] = 0
velocity = np.zeros_like(theta)
rate, mu = 0.3, 0.9

for it in range(1, 1801):
    # Nesterov: look where the momentum is about to take us
    loss, grad = loss_and_grad(theta + mu * velocity)
    velocity = mu * velocity - rate * grad
    theta += velocity
    if it % 300 == 0 or it == 1:
        print("iteration %4d   cross-entropy %.5f" % (it, loss))

W, b, v, c = split(theta)
says_one = np.tanh(points @ W + b) @ v + c > 0
print("training accuracy: %.1f %%" % (100 * np.mean(says_one == (labels == 1))))

# /// faultbench
# task = "moons"
# loop = 1
# parameters = ["theta"]
# loss = "loss"
# ///
