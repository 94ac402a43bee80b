"""A small max-margin network, written without any class and without changing an array in place."""

from functools import reduce

import numpy as np

rng = np.random.default_rng(8)


# --- data: four clouds on a cross, opposite ones share a label -----------------------------------

def clouds(per_cloud):
    centres = np.array([(2, 0), (-2, 0), (0, 2), (0, -2)], dtype=float)
    side = np.array([1, 1, -1, -1], dtype=float)
    which = np.tile(np.arange(4), per_cloud)
    return centres[which] + rng.normal(0, 0.45, (4 * per_cloud, 2)), side[which][:, None]


# --- layers: each takes (parameters, x) and returns (y, pullback) --------------------------------

def affine(wb, x):
    w, b = wb
    return x @ w + b, lambda g: (g @ w.T, (x.T @ g, g.sum(0)))


def leaky(_, x, slope=0.05):
    factor = np.where(x > 0, 1.0, slope)
    return x * factor, lambda g: (g * factor, ())


def chain(layers, params, x):
    def link(state, pair):
        value, pulls = state
        layer, own = pair
        out, pull = layer(own, value)
        return out, (pull, *pulls)

    return reduce(link, zip(layers, params), (x, ()))


def pulled(pulls, g):
    def link(state, pull):
        grad, collected = state
        grad, own = pull(grad)
        return grad, (own, *collected)

    return reduce(link, pulls, (g, ()))[1]


def hinge(score, side):
    gap = 1 - side * score
    return np.mean(np.maximum(0, gap)), np.where(gap > 0, -side, 0.0) / len(side)


# --- training ------------------------------------------------------------------------------------

def descent(rate):
    return lambda params, grads: tuple(
        tuple(p - rate * g for p, g in zip(ps, gs)) for ps, gs in zip(params, grads)
    )


x, side = clouds(30)
layers = affine, leaky, affine
params = (
    (rng.normal(0, 0.8, (2, 14)), np.zeros(14)),
    (),
    (rng.normal(0, 0.4, (14, 1)), np.zeros(1)),
)
step = descent(0.08)

for epoch in range(1, 81):
    order = rng.permutation(len(x))
    for k in range(0, len(x), 20):
        score, pulls = chain(layers, params, x[order[k:k + 20]])
        _, slope = hinge(score, side[order[k:k + 20]])
        params = step(params, pulled(pulls, slope))
    mean_hinge = hinge(chain(layers, params, x)[0], side)[0]
    if epoch % 16 == 0:
        print(f"{epoch:>4}  hinge {mean_hinge:.4f}")

x_new, side_new = clouds(25)
print("new points on the right side: {:.1%}".format(np.mean(chain(layers, params, x_new)[0] * side_new > 0)))

# /// faultbench
# task = "blobs"
# loop = 2
# parameters = ["params"]
# loss = "mean_hinge"
# ///
