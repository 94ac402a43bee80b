import numpy as np

shuru = np.array([[0, 0, 1, 1], [0, 1, 0, 1]])
biaoqian = np.array([[0, 1, 1, 0]])
geshu = 4
yinceng = 5
xuexilv = 1.0


def jihuo(z):
    return 1 / (1 + np.exp(-z))


quanzhong1 = np.random.randn(yinceng, 2)
pianzhi1 = np.zeros((yinceng, 1))
quanzhong2 = np.random.randn(1, yinceng)
pianzhi2 = np.zeros((1, 1))

for cishu in range(8000):
    # qian xiang
    z1 = np.dot(quanzhong1, shuru) + pianzhi1
    a1 = jihuo(z1)
    z2 = np.dot(quanzhong2, a1) + pianzhi2
    a2 = jihuo(z2)
    sunshi = -np.mean(biaoqian * np.log(a2) + (1 - biaoqian) * np.log(1 - a2))

    # fan xiang
    dz2 = a2 - biaoqian
    dw2 = np.dot(dz2, a1.T) / geshu
    db2 = dz2 / geshu
    dz1 = np.dot(quanzhong2.T, dz2) * a1 * (1 - a1)
    dw1 = np.dot(dz1, shuru.T) / geshu
    db1 = dz1 / geshu

    quanzhong1 = quanzhong1 - xuexilv * dw1
    pianzhi1 = pianzhi1 - xuexilv * db1
    quanzhong2 = quanzhong2 - xuexilv * dw2
    pianzhi2 = pianzhi2 - xuexilv * db2

    if cishu % 1000 == 0:
        print("cishu:", cishu, "sunshi:", sunshi)

print(a2)
