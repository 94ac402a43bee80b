import numpy as np

rs = np.random.RandomState(23)


class Linear:
    def __init__(self, fan_in, fan_out):
        self.w = rs.randn(fan_in, fan_out) / fan_in ** 0.5
        self.b = np.zeros((1, fan_out))
        self.gw = np.zeros_like(self.w)
        self.gb = np.zeros_like(self.b)
        # sums of squared gradients, for Adagrad
        self.hw = np.zeros_like(self.w)
        self.hb = np.zeros_like(self.b)

    def __call__(self, x):
        self.x = x
        return x @ self.w + self.b

    def back(self, g):
        self.gw += self.x.T @ g
        self.gb += g.sum(axis=0, keepdims=True)
        return g @ self.w.T


class ELU:
    def __call__(self, x):
        self.y = np.where(x > 0, x, np.expm1(np.minimum(x, 0)))
        return self.y

    def back(self, g):
        # for x < 0 the slope is exp(x) = y + 1
        return g * np.where(self.y > 0, 1, self.y + 1)


class SigmoidCrossEntropy:
    def __call__(self, logits, t):
        self.p = 1 / (1 + np.exp(-logits))
        self.t = t
        p = np.clip(self.p, 1e-9, 1 - 1e-9)
        return -np.mean(t * np.log(p) + (1 - t) * np.log(1 - p))

    def back(self):
        return (self.p - self.t) / self.t.size


def moons(n):
    a = rs.uniform(0, np.pi, n)
    top = np.column_stack([np.cos(a), np.sin(a)])
    bottom = np.column_stack([1 - np.cos(a), 0.4 - np.sin(a)])
    x = np.concatenate([top, bottom]) + rs.normal(scale=0.1, size=(2 * n, 2))
    t = np.concatenate([np.zeros(n), np.ones(n)])
    return x, t.reshape(-1, 1)


x, t = moons(70)
x_val, t_val = moons(40)

modules = [Linear(2, 16), ELU(), Linear(16, 8), ELU(), Linear(8, 1)]
linears = [m for m in modules if hasattr(m, "w")]
criterion = SigmoidCrossEntropy()


def forward(x):
    for m in modules:
        x = m(x)
    return x


rate = 0.1
best = np.inf
for it in range(500):
    for l in linears:
        l.gw = np.zeros_like(l.w)
        l.gb = np.zeros_like(l.b)

    loss = criterion(forward(x), t)
    g = criterion.back()
    for m in reversed(modules):
        g = m.back(g)

    for l in linears:
        l.hw += l.gw ** 2
        l.hb += l.gb ** 2
        l.w -= rate * l.gw / (np.sqrt(l.hw) + 1e-10)
        l.b -= rate * l.gb / (np.sqrt(l.hb) + 1e-10)

    if it % 50 == 0:
        val = SigmoidCrossEntropy()(forward(x_val), t_val)
        if val < best:
            best = val
            kept = [(l.w.copy(), l.b.copy()) for l in linears]
        print("it", it, "train", "%.4f" % loss, "val", "%.4f" % val)

for l, (w, b) in zip(linears, kept):
    l.w, l.b = w, b
print("best validation loss %.4f, accuracy %.3f" % (best, np.mean((forward(x_val) > 0) == (t_val > 0.5))))

# /// faultbench
# task = "moons"
# loop = 2
# parameters = ["[l.w for l in linears]", "[l.b for l in linears]"]
# loss = "loss"
# ///
