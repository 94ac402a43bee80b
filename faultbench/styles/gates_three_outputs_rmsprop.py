import numpy as np

rng = np.random.default_rng(2)

# one net that learns three gates at once
#              a  b   AND OR XOR
table = np.array([[0, 0, 0, 0, 0], [0, 1, 0, 1, 1], [1, 0, 0, 1, 1], [1, 1, 1, 1, 0]], dtype=float)
x, t = np.split(table, [2], axis=1)
x = 2 * x - 1  # -1/+1 works better than 0/1

nh = 6
par = dict(u=rng.standard_normal((2, nh)), p=np.zeros(nh), v=rng.standard_normal((nh, 3)) * 0.5, q=np.zeros(3))
avg = {name: np.zeros(par[name].shape) for name in par}
lr, rho = 0.01, 0.9


def sig(z):
    return 1 / (1 + np.exp(-z))


def run(x):
    h = sig(np.einsum("ni,ih->nh", x, par["u"]) + par["p"])
    return h, sig(np.einsum("nh,ho->no", h, par["v"]) + par["q"])


def bce(o):
    # summed over the three outputs, mean over the rows
    per_row = -(t * np.log(o) + (1 - t) * np.log(1 - o)).sum(axis=1)
    return per_row.mean()


for step in range(1500):
    h, o = run(x)
    loss = bce(o)
    do = (o - t) / len(x)
    dh = np.einsum("no,ho->nh", do, par["v"]) * h * (1 - h)
    g = dict(u=np.einsum("ni,nh->ih", x, dh), p=dh.sum(0), v=np.einsum("nh,no->ho", h, do), q=do.sum(0))
    for name in par:
        avg[name] = rho * avg[name] + (1 - rho) * g[name] ** 2
        par[name] -= lr * g[name] / (np.sqrt(avg[name]) + 1e-6)
    if step % 250 == 0:
        print(step, loss)

print("end", loss)
o = run(x)[1]
for gate, column, wanted in zip(("AND", "OR", "XOR"), o.T, t.T):
    print(gate.ljust(4), column.round(2), "ok" if np.all((column > 0.5) == (wanted > 0.5)) else "wrong")

# /// faultbench
# task = "gates"
# loop = 1
# parameters = ["par['u']", "par['p']", "par['v']", "par['q']"]
# loss = "loss"
# ///
