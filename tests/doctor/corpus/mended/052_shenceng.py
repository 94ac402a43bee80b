import numpy as np

# liang ge yuan huan
shu = 150
jiao = np.random.uniform(0, 2 * np.pi, shu)
ban = np.where(np.arange(shu) < shu // 2, 0.4, 1.0) + 0.05 * np.random.randn(shu)
dian = np.c_[ban * np.cos(jiao), ban * np.sin(jiao)]
mubiao = (np.arange(shu) < shu // 2).astype(float)[:, None]

jiegou = [2, 10, 10, 10, 1]
quan = [np.random.randn(i, o) / np.sqrt(i) for i, o in zip(jiegou[:-1], jiegou[1:])]
pian = [np.zeros((1, o)) for o in jiegou[1:]]
lv = 0.5
cishu = 0

while cishu < 1500:
    ceng = [dian]
    for w, b in zip(quan, pian):
        z = ceng[-1].dot(w) + b
        ceng.append(np.tanh(z))
    sunshi = np.mean((ceng[-1] - mubiao) ** 2)

    cha = 2 * (ceng[-1] - mubiao) / shu
    for i in range(3, -1, -1):
        cha = cha * (1 - ceng[i + 1] ** 2)
        dw, db = ceng[i].T.dot(cha), cha.sum(axis=0, keepdims=True)
        cha = cha.dot(quan[i].T)
        quan[i] = quan[i] - lv * dw
        pian[i] = pian[i] - lv * db
    cishu += 1
    if cishu % 150 == 0:
        print(cishu, sunshi, np.mean((ceng[-1] > 0.5) == mubiao))
