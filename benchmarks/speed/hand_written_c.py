"""The bound: XOR in C for one size alone, with every liberty a compiler can take, compiled on the spot."""

from __future__ import annotations

import ctypes
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

_PROGRAM = """
#include <math.h>
#define N %d
double train(double *p, long steps, double rate) {
    static const double X[2][4] = {{0, 0, 1, 1}, {0, 1, 0, 1}}, Y[4] = {0, 1, 1, 0};
    double *w1 = p, *b1 = p + 2 * N, *w2 = p + 3 * N, *b2 = p + 4 * N, loss = 0;
    for (long step = 0; step < steps; ++step) {
        double h[N][4], z[4], d[4], cost[4];
        for (int s = 0; s < 4; ++s) z[s] = *b2;
        for (int j = 0; j < N; ++j)
            for (int s = 0; s < 4; ++s) {
                h[j][s] = 1 / (1 + exp(-(X[0][s] * w1[j] + X[1][s] * w1[N + j] + b1[j])));
                z[s] += h[j][s] * w2[j];
            }
        for (int s = 0; s < 4; ++s) {
            const double o = 1 / (1 + exp(-z[s])), error = o - Y[s];
            d[s] = 2 * error * o * (1 - o) / 4;
            cost[s] = error * error;
        }
        loss = (cost[0] + cost[1] + cost[2] + cost[3]) / 4;
        for (int j = 0; j < N; ++j) {
            double g0 = 0, g1 = 0, gb = 0, g2 = 0;
            for (int s = 0; s < 4; ++s) {
                const double e = d[s] * w2[j] * h[j][s] * (1 - h[j][s]);
                g0 += X[0][s] * e; g1 += X[1][s] * e; gb += e; g2 += h[j][s] * d[s];
            }
            w1[j] -= rate * g0; w1[N + j] -= rate * g1; b1[j] -= rate * gb; w2[j] -= rate * g2;
        }
        *b2 -= rate * (d[0] + d[1] + d[2] + d[3]);
    }
    return loss;
}
"""


@cache
def compiled_xor(units: int) -> Callable[..., Any] | None:
    """Return ``train(parameters, steps, rate)`` for a 2-units-1 network, or None where there is no C compiler."""
    compiler = shutil.which("gcc") or shutil.which("cc")
    if compiler is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        source, library = Path(folder) / "xor.c", Path(folder) / "xor.so"
        source.write_text(_PROGRAM % units, encoding="utf-8")
        options = ["-O3", "-march=native", "-ffast-math", "-shared", "-fPIC"]
        subprocess.run([compiler, *options, str(source), "-o", str(library), "-lm"], check=True)  # noqa: S603 (our own program)
        train = ctypes.CDLL(str(library)).train
    train.restype = ctypes.c_double
    train.argtypes = [ctypes.POINTER(ctypes.c_double), ctypes.c_long, ctypes.c_double]
    return train
