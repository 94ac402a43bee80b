"""MNIST digits through 784, 16 and 10 sigmoid units.

With the first weights the ten outputs of a digit look random, as they should. After a few steps they are almost zero for every
digit, and stay there.

The digits are read from the folder given as the argument, or the one that UNSTUCK_DATA names. A seed makes every run the same.
"""

import sys

import numpy as np

import unstuck as us

rng = np.random.RandomState(0)
digits = us.load_data("mnist", data_folder=sys.argv[1] if len(sys.argv) > 1 else None)
ink = digits.test_inputs / 256  # from 0 to 1, a row for each digit
wanted = np.zeros((len(ink), 10), dtype=int)
for row, digit in enumerate(digits.test_targets):
    wanted[row][digit] = 1


def fire(total):
    return 1 / (1 + np.exp(-total))


def fire_slope(fired):
    return fired * (1 - fired)


def learn(steps, ink):
    into_hidden = 2 * rng.random_sample((784, 16)) - 1
    into_output = 2 * rng.random_sample((16, 10)) - 1
    for number in range(steps):
        hidden = fire(np.dot(ink, into_hidden))
        guess = fire(np.dot(hidden, into_output))

        missing = wanted - guess
        guess_part = missing * fire_slope(guess)
        hidden_part = np.dot(guess_part, into_output.T) * fire_slope(hidden)

        into_hidden += np.dot(ink.T, hidden_part)
        into_output += np.dot(hidden.T, guess_part)

        print("step", number, "first digit's outputs", guess[0].round(3))
    return guess


guess = learn(10, ink)
print("largest output of all digits", guess.max())
print("share of digits that are right", np.mean(guess.argmax(axis=1) == digits.test_targets))
