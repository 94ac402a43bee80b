import numpy as np

# Seven voters say -1 or +1: learn to tell who wins. There is no hidden layer,
# so starting from zeros is fine.
rng = np.random.default_rng(40)

ballots = rng.choice([-1.0, 1.0], size=(150, 7))
won = (ballots.sum(axis=1) > 0).astype(float)
train, test = slice(0, 100), slice(100, 150)

w = np.zeros(7)
b = np.zeros(1)
lr = 1.0


def chance(rows):
    return 1 / (1 + np.exp(-(rows @ w + b)))


for epoch in range(3000):
    p = chance(ballots[train])
    loss = -np.mean(np.where(won[train] == 1, np.log(p), np.log(1 - p)))
    miss = p - won[train]
    w -= lr * (miss @ ballots[train]) / 100
    b -= lr * miss.mean()
    if epoch in (0, 1, 10, 100, 500, 1000, 2000):
        print(f"epoch {epoch:>5}  loss {loss:.5f}")

print("weight of each voter:", np.round(w, 2), "bias:", np.round(b, 2))
print("held-out ballots right:", np.mean((chance(ballots[test]) > 0.5) == won[test]))

# /// faultbench
# task = "majority"
# loop = 1
# parameters = ["w", "b"]
# loss = "loss"
# ///
