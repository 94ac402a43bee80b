"""The rules that turn gradients into steps of the weights.

Simplest first:

- ``gd``, :class:`GradientDescent`: a step along the negative gradient, or along a velocity that gathers gradients.
- ``adagrad``, :class:`Adagrad`: each weight's gradient over the root of the sum of all its squared gradients.
- ``rmsprop``, :class:`RMSProp`: the same over a moving mean, which forgets.
- ``adam`` and ``adamw``, :class:`Adam` and :class:`AdamW`: the same with a moving mean of the gradient on top.
- ``rprop-``, ``irprop-``, ``rprop+``, ``irprop+``, :class:`RpropMinus` and so on: a step size for each weight, adapted
  by nothing but the sign of its gradient; full batch only.
- ``lbfgs`` and ``lm``, :class:`LBFGS` and :class:`LevenbergMarquardt`: minimizers, which own their step; full batch only.

Importing this package registers them in :data:`OPTIMIZERS`.
"""

from unstuck.training.optimizers.adagrad import Adagrad
from unstuck.training.optimizers.adam import Adam, AdamW
from unstuck.training.optimizers.base import OPTIMIZERS, Optimizer, Rule, Slots, trace
from unstuck.training.optimizers.first_order import FirstOrder
from unstuck.training.optimizers.gradient_descent import GradientDescent
from unstuck.training.optimizers.lbfgs import LBFGS
from unstuck.training.optimizers.levenberg_marquardt import LevenbergMarquardt
from unstuck.training.optimizers.minimizer import Minimizer, Problem
from unstuck.training.optimizers.rmsprop import RMSProp
from unstuck.training.optimizers.rprop import IRpropMinus, IRpropPlus, Rprop, RpropMinus, RpropPlus

__all__ = [
    "LBFGS",
    "OPTIMIZERS",
    "Adagrad",
    "Adam",
    "AdamW",
    "FirstOrder",
    "GradientDescent",
    "IRpropMinus",
    "IRpropPlus",
    "LevenbergMarquardt",
    "Minimizer",
    "Optimizer",
    "Problem",
    "RMSProp",
    "Rprop",
    "RpropMinus",
    "RpropPlus",
    "Rule",
    "Slots",
    "trace",
]
