import numpy as np

tezheng = np.random.uniform(-1, 1, (140, 2))
mubiao = (tezheng[:, 0] * 1.5 > tezheng[:, 1] ** 2 * 3 - 0.8).astype(int).reshape(-1, 1)

wang = {
    "w1": np.random.randn(2, 9),
    "b1": np.zeros(9),
    "w2": np.random.randn(9, 1) * 0.5,
    "b2": np.zeros(1),
}


def qianxiang(x, y):
    yin = np.tanh(x @ wang["w1"] + wang["b1"])
    yuce = np.zeros(y.shape)
    yuce[:] = 1 / (1 + np.exp(-(yin @ wang["w2"] + wang["b2"])))
    return yin, yuce


def houxiang(x, y, yin, yuce):
    d2 = 2 * (yuce - y) * yuce * (1 - yuce) / len(x)
    d1 = d2 @ wang["w2"].T * (1 - yin ** 2)
    return {"w1": x.T @ d1, "b1": d1.sum(axis=0), "w2": yin.T @ d2, "b2": d2.sum(axis=0)}


for bushu in range(4000):
    yin, yuce = qianxiang(tezheng, mubiao)
    sunshi = np.mean((yuce - mubiao) ** 2)
    tidu = houxiang(tezheng, mubiao, yin, yuce)
    for ming in wang:
        wang[ming] -= 1.5 * tidu[ming]
    if bushu % 400 == 0:
        print("di", bushu, "bu, sunshi =", sunshi)
