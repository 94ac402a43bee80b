# 两层隐藏层的小网络: 判断一个点在内圈还是外圈
import numpy as np

suiji = np.random.RandomState(8)

# ---- 数据 ----
geshu = 140
biaoqian = (np.arange(geshu) % 2).reshape(-1, 1).astype(float)  # 1 = 外圈
jiaodu = suiji.uniform(0, 2 * np.pi, (geshu, 1))
banjing = np.where(biaoqian == 1, 1.8, 0.7) + 0.12 * suiji.randn(geshu, 1)
shuju = np.hstack([banjing * np.cos(jiaodu), banjing * np.sin(jiaodu)])


# ---- 参数 (He 初始化) ----
def chushihua(ru, chu):
    return suiji.randn(ru, chu) * np.sqrt(2.0 / ru)


quanzhong1, pianzhi1 = chushihua(2, 16), np.zeros((1, 16))
quanzhong2, pianzhi2 = chushihua(16, 10), np.zeros((1, 10))
quanzhong3, pianzhi3 = chushihua(10, 1), np.zeros((1, 1))
xuexilv = 0.2
lunshu = 1500


def qianxiang(x):
    yin1 = np.maximum(0, np.matmul(x, quanzhong1) + pianzhi1)
    yin2 = np.maximum(0, np.matmul(yin1, quanzhong2) + pianzhi2)
    gailv = 1 / (1 + np.exp(-(np.matmul(yin2, quanzhong3) + pianzhi3)))
    return yin1, yin2, gailv


# ---- 训练 ----
for lun in range(lunshu):
    yin1, yin2, gailv = qianxiang(shuju)
    sunshi = -np.mean(biaoqian * np.log(gailv) + (1 - biaoqian) * np.log(1 - gailv))

    wucha3 = (gailv - biaoqian) / geshu
    wucha2 = np.matmul(wucha3, quanzhong3.T) * (yin2 > 0)
    wucha1 = np.matmul(wucha2, quanzhong2.T) * (yin1 > 0)

    quanzhong3 -= xuexilv * np.matmul(yin2.T, wucha3)
    pianzhi3 -= xuexilv * wucha3.sum(axis=0, keepdims=True)
    quanzhong2 -= xuexilv * np.matmul(yin1.T, wucha2)
    pianzhi2 -= xuexilv * wucha2.sum(axis=0, keepdims=True)
    quanzhong1 -= xuexilv * np.matmul(shuju.T, wucha1)
    pianzhi1 -= xuexilv * wucha1.sum(axis=0, keepdims=True)

    if lun % 250 == 0:
        print("第 {} 轮, 损失 = {:.5f}".format(lun, sunshi))

yuce = qianxiang(shuju)[2] > 0.5
zhengquelv = np.mean(yuce == (biaoqian > 0.5))
print("损失 = {:.5f}, 正确率 = {:.2%}".format(sunshi, zhengquelv))

# /// faultbench
# task = "circles"
# loop = 1
# parameters = ["quanzhong1", "pianzhi1", "quanzhong2", "pianzhi2", "quanzhong3", "pianzhi3"]
# loss = "sunshi"
# ///
