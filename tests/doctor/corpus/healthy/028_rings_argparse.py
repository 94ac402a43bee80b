#!/usr/bin/env python3
"""Train a small classifier on three rings. Ctrl-C stops early and keeps what was learned."""
import argparse
import logging

import numpy as np

log = logging.getLogger("rings")


def parse_args():
    ap = argparse.ArgumentParser(description=__doc__)
    ap.add_argument("--hidden", type=int, default=32)
    ap.add_argument("--lr", type=float, default=0.5)
    ap.add_argument("--epochs", type=int, default=1500)
    ap.add_argument("--samples", type=int, default=90, help="per ring")
    ap.add_argument("--seed", type=int, default=123)
    ap.add_argument("-v", "--verbose", action="store_true")
    return ap.parse_args()


def rings(samples, rng):
    xs, ys = [], []
    for label, radius in enumerate((0.5, 1.5, 2.5)):
        phi = rng.uniform(0, 2 * np.pi, samples)
        r = radius + rng.normal(0, 0.1, samples)
        xs.append(np.stack([r * np.cos(phi), r * np.sin(phi)], axis=1))
        ys.append(np.full(samples, label))
    return np.concatenate(xs), np.concatenate(ys)


class Net:
    def __init__(self, d, h, k, rng):
        self.p = [
            rng.normal(0, 1.0, (d, h)),
            rng.normal(0, 1.0, (h,)),
            rng.normal(0, 1 / np.sqrt(h), (h, k)),
            np.zeros(k),
        ]

    def proba(self, x):
        w1, b1, w2, b2 = self.p
        self.h = np.tanh(np.matmul(x, w1) + b1)
        logits = np.matmul(self.h, w2) + b2
        e = np.exp(logits - logits.max(1, keepdims=True))
        return e / e.sum(1, keepdims=True)

    def loss_and_grads(self, x, y):
        n = x.shape[0]
        probs = self.proba(x)
        loss = -np.log(probs[np.arange(n), y]).sum() / n
        probs[np.arange(n), y] -= 1
        probs /= n
        dh = np.matmul(probs, self.p[2].T) * (1 - np.square(self.h))
        return loss, [np.matmul(x.T, dh), dh.sum(0), np.matmul(self.h.T, probs), probs.sum(0)]

    def accuracy(self, x, y):
        return float(np.mean(self.proba(x).argmax(1) == y))


def main():
    args = parse_args()
    logging.basicConfig(level=logging.DEBUG if args.verbose else logging.INFO, format="%(name)s: %(message)s")
    rng = np.random.default_rng(args.seed)
    x, y = rings(args.samples, rng)
    x_test, y_test = rings(args.samples // 3, rng)
    net = Net(2, args.hidden, 3, rng)
    try:
        for epoch in range(1, args.epochs + 1):
            loss, grads = net.loss_and_grads(x, y)
            for param, grad in zip(net.p, grads):
                param -= args.lr * grad
            if epoch % 250 == 0:
                log.info("epoch %5d  loss %.4f  accuracy %.3f", epoch, loss, net.accuracy(x, y))
            log.debug("epoch %d loss %f", epoch, loss)
    except KeyboardInterrupt:
        log.warning("interrupted in epoch %d", epoch)
    log.info("test accuracy %.3f", net.accuracy(x_test, y_test))


if __name__ == "__main__":
    main()
