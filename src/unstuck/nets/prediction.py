"""Outputs by the compiled kernels, where these are part of this installation and know the layers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from unstuck.blas import core_count, one_blas_thread
from unstuck.kernels import find_gemm, kernels
from unstuck.nets.kernel_layers import kernel_layers, what_layers_lack

if TYPE_CHECKING:
    from collections.abc import Sequence

    from unstuck.arrays import Matrix, Vector
    from unstuck.nets.layers import Layer

# measured by ``python -m benchmarks --parts size-rules``: an activation takes as long as a hundred weights
_WORK_FOR_THREADS = 5_000_000
_WEIGHTS_A_UNIT = 100
_FEW_ROWS = 4


class Predictor:
    """Computes outputs from parameters as they are at that moment; several threads may ask at once.

    Args:
        layers: Dense layers with activations that the kernels know.
        parameters: The network's vector; it is not copied.
    """

    def __init__(self, layers: Sequence[Layer], parameters: Vector) -> None:
        module: Any = kernels()
        gemm = find_gemm("s" if parameters.dtype == "float32" else "d")
        make = module.Float32Predictor if parameters.dtype == "float32" else module.Float64Predictor
        address, is_wide = (0, True) if gemm is None else gemm
        self._predict = make(kernel_layers(layers), parameters, gemm=address, wide=is_wide).predict
        self._rows_for_threads = rows_for_threads(layers)

    def predict(self, inputs: Any) -> Matrix | None:
        """Return the outputs, or None for what is no array of finite numbers of the right kind, shape and order."""
        if not isinstance(inputs, np.ndarray) or not inputs.ndim:
            return None
        if len(inputs) < self._rows_for_threads:
            outputs: Matrix | None = self._predict(inputs)
        else:
            with one_blas_thread():
                outputs = self.on_threads(inputs, core_count())
        return outputs

    def on_threads(self, inputs: Matrix, threads: int) -> Matrix | None:
        """Return the outputs, computed on so many threads; each uses the BLAS as it is."""
        outputs: Matrix | None = self._predict(inputs, threads)
        return outputs


def rows_for_threads(layers: Sequence[Layer]) -> int:
    """Return from how many rows on a prediction is worth more than one thread."""
    sizes = [layer.sizes() for layer in layers]
    work = sum((n_in or 0) * (n_out or 0) + _WEIGHTS_A_UNIT * (n_out or 0) for n_in, n_out in sizes)
    return max(_FEW_ROWS, _WORK_FOR_THREADS // max(1, work))


def predictor(layers: Sequence[Layer], parameters: Vector) -> Predictor | None:
    """Return a predictor, or None where the kernels are missing or do not know a layer."""
    if kernels() is None or what_layers_lack(layers) is not None:
        return None
    return Predictor(layers, parameters)
