import numpy as np

rng = np.random.default_rng(7)
points = rng.uniform(-1, 1, (150, 2))
inside = (np.sum(points ** 2, axis=1) < 0.5).astype(float)[:, None]


def squash(v):
    return 1 / (1 + np.exp(-v))


def squash_slope(a):
    return a * (1 - a)


first = rng.normal(0, 1, (2, 12))
first_shift = np.zeros(12)
second = rng.normal(0, 0.5, (12, 1))
second_shift = np.zeros(1)

for turn in range(1500):
    middle = squash(points @ first + first_shift)
    guess = squash(middle @ second + second_shift)
    if turn % 300 == 0:
        print(turn, np.mean((guess - inside) ** 2))
    blame = (guess - inside) * squash_slope(guess) / len(points)
    blame_middle = blame @ second.T * squash_slop(middle)
    second -= 8 * middle.T @ blame
    second_shift -= 8 * blame.sum(axis=0)
    first -= 8 * points.T @ blame_middle
    first_shift -= 8 * blame_middle.sum(axis=0)
