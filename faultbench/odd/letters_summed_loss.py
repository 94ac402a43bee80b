import numpy as np

rng = np.random.default_rng(23)

letters = {
    "T": ["#####", "..#..", "..#..", "..#..", "..#.."],
    "L": ["#....", "#....", "#....", "#....", "#####"],
    "X": ["#...#", ".#.#.", "..#..", ".#.#.", "#...#"],
    "O": [".###.", "#...#", "#...#", "#...#", ".###."],
}


def picture(lines):
    return [1.0 if c == "#" else 0.0 for c in "".join(lines)]


names = list(letters)
X = np.repeat([picture(letters[k]) for k in names], 25, axis=0)
X += rng.normal(0, 0.35, X.shape)
Y = np.repeat(np.eye(4), 25, axis=0)

Wa = rng.normal(0, 0.2, (25, 10))
ba = np.zeros(10)
Wb = rng.normal(0, 0.3, (10, 4))
bb = np.zeros(4)

# the loss is a sum over all 100 pictures, hence the small rate
lr = 0.003

for epoch in range(1501):
    # forward
    H = np.tanh(X @ Wa + ba)
    S = H @ Wb + bb
    S = S - S.max(axis=1, keepdims=True)
    P = np.exp(S)
    P /= P.sum(axis=1, keepdims=True)
    loss = -np.sum(Y * np.log(P))

    # backward
    dS = P - Y
    dH = (dS @ Wb.T) * (1 - H**2)
    Wb -= lr * (H.T @ dS)
    bb -= lr * dS.sum(axis=0)
    Wa -= lr * (X.T @ dH)
    ba -= lr * dH.sum(axis=0)

    if epoch % 150 == 0:
        print(f"{epoch:4} | loss (sum) {loss:9.4f}")

guess = P.argmax(axis=1)
for k, name in enumerate(names):
    print(name, "recognised", np.sum(guess[25 * k : 25 * (k + 1)] == k), "times of 25")

# /// faultbench
# task = "letters"
# loop = 1
# parameters = ["Wa", "ba", "Wb", "bb"]
# loss = "loss"
# ///
