import numpy as np
r = np.random.default_rng()
n, d, k, q = 256, 4, 24, 2
u = r.normal(size=(d, 3)); s = r.normal(size=(3, q))
x = r.normal(size=(n, d))
y = np.einsum('nj,jq->nq', np.tanh(np.einsum('nd,dj->nj', x, u) * .5), s)
a = r.normal(size=(d, k)) / d**.5
b = np.zeros(k)
c = r.normal(size=(k, q)) / k**.5
e = np.zeros(q)
z = [np.zeros(i.shape) for i in (a, b, c, e)]
f, g, eta, tiny = .9, .1, 2e-3, 1e-8
dbg = None
L = []
for j in range(1500):
    i = r.integers(0, n, 64)
    xi, yi = x[i], y[i]
    p = np.tanh(np.einsum('nd,dk->nk', xi, a) + b)
    o = np.einsum('nk,kq->nq', p, c) + e
    w = o - yi
    l = np.einsum('nq,nq->', w, w) / len(i)
    L += [l]
    w = 2 * w / len(i)
    t = np.einsum('nq,kq,nk->nk', w, c, 1 - p * p)
    da = np.einsum('nd,nk->dk', xi, t)
    db = np.einsum('nk->k', t)
    dc = np.einsum('nk,nq->kq', p, w)
    de = np.einsum('nq->q', w)
    for m, (v, h) in enumerate([(a, da), (b, db), (c, dc), (e, de)]):
        z[m] = f * z[m] + g * h * h
        v -= eta * h / (np.sqrt(z[m]) + tiny)
    if not j % 150: print(j, l)
print('mse', np.mean(L[-50:]), 'power', np.mean((y * y).sum(1)))
