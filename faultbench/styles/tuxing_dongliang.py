# shijian: shibie 6x6 tuxing (heng xian, shu xian, xie xian, kuang)
# liang ceng wangluo: ReLU + softmax, dai dongliang de SGD
import numpy as np

suiji = np.random.RandomState(88)
leishu = 4
bianchang = 6

def shengcheng(shuliang):
    tupian = np.zeros((shuliang, bianchang, bianchang))
    leibie = suiji.randint(0, leishu, shuliang)
    for i in range(shuliang):
        weizhi = suiji.randint(1, bianchang - 1)
        if leibie[i] == 0:
            tupian[i, weizhi, :] = 1           # heng
        elif leibie[i] == 1:
            tupian[i, :, weizhi] = 1           # shu
        elif leibie[i] == 2:
            np.fill_diagonal(tupian[i], 1)     # xie
        else:
            tupian[i, [0, -1], :] = 1          # kuang
            tupian[i, :, [0, -1]] = 1
    tupian += suiji.randn(*tupian.shape) * 0.15
    return tupian.reshape(shuliang, -1), leibie

shuju, biaoqian = shengcheng(120)
ceshi_shuju, ceshi_biaoqian = shengcheng(60)

yincang = 20
W1 = suiji.randn(36, yincang) * np.sqrt(2 / 36)
b1 = np.zeros(yincang)
W2 = suiji.randn(yincang, leishu) * np.sqrt(1 / yincang)
b2 = np.zeros(leishu)
canshu = [W1, b1, W2, b2]
sudu = [np.zeros_like(c) for c in canshu]

xuexilv = 0.05
dongliang = 0.9
pi_daxiao = 24
zhengze = 1e-3      # L2

xuhao = np.arange(len(shuju))
for lun in range(30):
    suiji.shuffle(xuhao)
    shuju_luan = shuju[xuhao]
    biaoqian_luan = biaoqian[xuhao]
    zong = 0
    for k in range(0, len(shuju), pi_daxiao):
        x = shuju_luan[k:k+pi_daxiao]
        y = biaoqian_luan[k:k+pi_daxiao]
        n = len(x)
        # qianxiang
        z1 = x.dot(W1) + b1
        h = z1 * (z1 > 0)
        s = h.dot(W2) + b2
        s = s - np.amax(s, axis=1, keepdims=True)
        p = np.exp(s) / np.sum(np.exp(s), axis=1, keepdims=True)
        # fanxiang
        ds = p.copy()
        ds[np.arange(n), y] -= 1
        ds /= n
        dW2 = h.T.dot(ds) + zhengze * W2
        db2 = ds.sum(axis=0)
        dz1 = ds.dot(W2.T) * (z1 > 0)
        dW1 = x.T.dot(dz1) + zhengze * W1
        db1 = dz1.sum(axis=0)
        # gengxin
        tidu = [dW1, db1, dW2, db2]
        for j in range(4):
            sudu[j] = dongliang * sudu[j] - xuexilv * tidu[j]
            canshu[j] += sudu[j]
        zong += -np.sum(np.log(p[np.arange(n), y] + 1e-9))
    sunshi = zong / len(shuju) + 0.5 * zhengze * (np.sum(W1 ** 2) + np.sum(W2 ** 2))
    if lun % 5 == 4:
        print('di', lun + 1, 'lun, sunshi =', round(sunshi, 4))

defen = np.maximum(ceshi_shuju.dot(W1) + b1, 0).dot(W2) + b2
print('ceshi zhengquelv:', np.mean(np.argmax(defen, axis=1) == ceshi_biaoqian))

# /// faultbench
# task = "shapes"
# loop = 3
# parameters = ["W1", "b1", "W2", "b2"]
# loss = "sunshi"
# ///
