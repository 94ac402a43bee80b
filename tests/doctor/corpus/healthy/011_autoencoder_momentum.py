import numpy as np


class AutoEncoder:
    """x -> tanh code -> linear reconstruction, trained with momentum."""

    def __init__(self, n_visible, n_code):
        self.W_enc = np.random.normal(0, 1 / np.sqrt(n_visible), (n_visible, n_code))
        self.b_enc = np.zeros(n_code)
        self.W_dec = np.random.normal(0, 1 / np.sqrt(n_code), (n_code, n_visible))
        self.b_dec = np.zeros(n_visible)
        self.velocity = {name: np.zeros_like(getattr(self, name)) for name in self.names}

    names = ["W_enc", "b_enc", "W_dec", "b_dec"]

    def encode(self, x):
        return np.tanh(x.dot(self.W_enc) + self.b_enc)

    def decode(self, code):
        return code.dot(self.W_dec) + self.b_dec

    def train_step(self, x, lr, mu):
        code = self.encode(x)
        recon = self.decode(code)
        diff = recon - x
        loss = 0.5 * np.mean(np.sum(diff ** 2, axis=1))

        d_recon = diff / len(x)
        d_code = d_recon.dot(self.W_dec.T) * (1 - code ** 2)
        grads = {
            "W_dec": code.T.dot(d_recon), "b_dec": d_recon.sum(0),
            "W_enc": x.T.dot(d_code), "b_enc": d_code.sum(0),
        }
        for name in self.names:
            v = self.velocity[name]
            v *= mu
            v -= lr * grads[name]
            p = getattr(self, name)
            p += v
        return loss


# 20 visible units driven by 3 hidden causes
causes = np.random.uniform(-1, 1, (500, 3))
mixing = np.random.normal(size=(3, 20))
data = causes.dot(mixing) + 0.05 * np.random.normal(size=(500, 20))

ae = AutoEncoder(20, 6)
for epoch in range(60):
    perm = np.random.permutation(len(data))
    total = 0
    for i in range(0, len(data), 50):
        batch = data[perm[i:i + 50]]
        total += ae.train_step(batch, lr=0.02, mu=0.9)
    mean_loss = total / 10
    if epoch % 10 == 0:
        print("epoch", epoch, "reconstruction error", mean_loss)

print("variance of the data  ", 0.5 * np.sum(data.var(axis=0)))
print("variance not explained", 0.5 * np.mean(np.sum((ae.decode(ae.encode(data)) - data) ** 2, axis=1)))
