# -*- coding: utf-8 -*-
# 手写两层神经网络，月牙形数据，逐样本更新
import numpy as np


def shengcheng_shuju(shuliang):
    """生成两个月牙"""
    banshu = shuliang // 2
    jiaodu = np.linspace(0, np.pi, banshu)
    shang = np.stack([np.cos(jiaodu), np.sin(jiaodu)], axis=1)
    xia = np.stack([1 - np.cos(jiaodu), 0.4 - np.sin(jiaodu)], axis=1)
    shuju = np.concatenate([shang, xia]) + np.random.normal(0, 0.1, (2 * banshu, 2))
    biaoqian = np.array([0] * banshu + [1] * banshu)
    return shuju, biaoqian


def softmax(z):
    # 这里 z 只是一个样本，所以不需要 axis
    e = np.exp(z - np.max(z))
    return e / np.sum(e)


class WangLuo:
    def __init__(self, shuru, yincang, shuchu, xuexilv=0.05):
        self.quanzhong1 = np.random.randn(yincang, shuru)
        self.pianzhi1 = np.zeros(yincang)
        self.quanzhong2 = np.random.randn(shuchu, yincang) / np.sqrt(yincang)
        self.pianzhi2 = np.zeros(shuchu)
        self.xuexilv = xuexilv

    def qianxiang(self, x):
        self.x = x
        self.yinceng = np.tanh(np.dot(self.quanzhong1, x) + self.pianzhi1)
        self.gailv = softmax(np.dot(self.quanzhong2, self.yinceng) + self.pianzhi2)
        return self.gailv

    def fanxiang(self, leibie):
        cha = self.gailv.copy()
        cha[leibie] -= 1
        yin_cha = np.dot(self.quanzhong2.T, cha) * (1 - self.yinceng ** 2)
        self.quanzhong2 -= self.xuexilv * np.outer(cha, self.yinceng)
        self.pianzhi2 -= self.xuexilv * cha
        self.quanzhong1 -= self.xuexilv * np.outer(yin_cha, self.x)
        self.pianzhi1 -= self.xuexilv * yin_cha

    def xunlian(self, shuju, biaoqian, lunshu):
        for lun in range(lunshu):
            zong_sunshi = 0.0
            for i in np.random.permutation(len(shuju)):
                gailv = self.qianxiang(shuju[i])
                zong_sunshi += -np.log(gailv[biaoqian[i]])
                self.fanxiang(biaoqian[i])
            pingjun = zong_sunshi / len(shuju)
            if lun % 10 == 0:
                print("第%d轮 平均损失 %.4f" % (lun, pingjun))
        return pingjun

    def yuce(self, x):
        return int(np.argmax(self.qianxiang(x)))


shuju, biaoqian = shengcheng_shuju(200)
wl = WangLuo(2, 12, 2)
sunshi = wl.xunlian(shuju, biaoqian, 60)
zhengque = np.mean([wl.yuce(x) == y for x, y in zip(shuju, biaoqian)])
print("正确率:", zhengque)
