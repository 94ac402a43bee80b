import numpy as np


class MLP:
    """One hidden layer, used like a scikit-learn estimator."""

    def __init__(self, n_hidden=10, learning_rate=0.3, n_epochs=300, batch_size=20, rng=None):
        self.n_hidden = n_hidden
        self.learning_rate = learning_rate
        self.n_epochs = n_epochs
        self.batch_size = batch_size
        self.rng = rng

    def _init_weights(self, n_features, n_classes):
        self.W_ih = self.rng.normal(0, 1 / np.sqrt(n_features), (n_features, self.n_hidden))
        self.b_h = np.zeros(self.n_hidden)
        self.W_ho = self.rng.normal(0, 1 / np.sqrt(self.n_hidden), (self.n_hidden, n_classes))
        self.b_o = np.zeros(n_classes)

    def _hidden(self, X):
        return 1.0 / (1.0 + np.exp(-(X @ self.W_ih + self.b_h)))

    def predict_proba(self, X):
        scores = self._hidden(X) @ self.W_ho + self.b_o
        exps = np.exp(scores - np.max(scores, axis=1).reshape(-1, 1))
        return exps / np.sum(exps, axis=1).reshape(-1, 1)

    def _train_on_batch(self, X, Y):
        hidden = self._hidden(X)
        delta_o = (self.predict_proba(X) - Y) / len(X)
        delta_h = (delta_o @ self.W_ho.T) * hidden * (1.0 - hidden)

        self.W_ho -= self.learning_rate * (hidden.T @ delta_o)
        self.b_o -= self.learning_rate * np.sum(delta_o, axis=0)
        self.W_ih -= self.learning_rate * (X.T @ delta_h)
        self.b_h -= self.learning_rate * np.sum(delta_h, axis=0)

    def fit(self, X, y):
        Y = (y[:, None] == np.unique(y)).astype(float)
        self._init_weights(X.shape[1], Y.shape[1])
        for epoch in range(self.n_epochs):
            for _ in range(len(X) // self.batch_size):
                batch = self.rng.choice(len(X), self.batch_size, replace=False)
                self._train_on_batch(X[batch], Y[batch])
            self.loss = -np.mean(np.log(np.sum(Y * self.predict_proba(X), axis=1)))
            if epoch % 50 == 0:
                print("Epoch {:3d}  loss {:.4f}  accuracy {:.3f}".format(epoch, self.loss, self.score(X, y)))
        return self

    def predict(self, X):
        return np.argmax(self.predict_proba(X), axis=1)

    def score(self, X, y):
        return np.mean(self.predict(X) == y)


rng = np.random.default_rng(6)

# made-up "flowers": sepal length, sepal width, petal length, petal width
means = np.array([[5.0, 3.4, 1.5, 0.3], [5.9, 2.8, 4.2, 1.3], [6.8, 3.0, 6.0, 2.3]])
spread = np.array([0.35, 0.3, 0.35, 0.18])
y = np.repeat([0, 1, 2], 60)
X = means[y] + spread * rng.normal(size=(180, 4))

shuffle = rng.permutation(180)
train, test = shuffle[:120], shuffle[120:]
mu, sigma = X[train].mean(axis=0), X[train].std(axis=0)
X = (X - mu) / sigma

model = MLP(n_hidden=8, learning_rate=0.4, rng=rng).fit(X[train], y[train])
print("Test accuracy: {:.3f}".format(model.score(X[test], y[test])))

# /// faultbench
# task = "iris-like classes"
# loop = 2
# parameters = ["self.W_ih", "self.b_h", "self.W_ho", "self.b_o"]
# loss = "loss"
# ///
