"""JAX: the whole training in one compiled loop; compiling is not counted."""

from __future__ import annotations

import importlib.util
from typing import TYPE_CHECKING, Any

from benchmarks.speed.sides import Side

if TYPE_CHECKING:
    from benchmarks.speed.task import Task

_BETA1, _BETA2, _EPSILON = 0.9, 0.999, 1e-8


def side(task: Task) -> Side | None:
    """Train with jit, fori_loop and scan; XLA decides on its threads by itself."""
    if importlib.util.find_spec("jax") is None:
        return None
    import jax  # noqa: PLC0415 (only where it is installed)

    jax.config.update("jax_enable_x64", val=True)
    run = jax.jit(training(task, jax))

    def work() -> float:
        return float(run([(jax.numpy.asarray(w), jax.numpy.asarray(b)) for w, b in task.start()]))

    return Side(f"JAX {jax.__version__} jit (XLA's own threads)", work, task.steps)


def training(task: Task, jax: Any) -> Any:
    """Return a function from first parameters to the last loss."""
    np = jax.numpy
    x, y = np.asarray(task.x), np.asarray(task.y)
    activation = {"sigmoid": jax.nn.sigmoid, "tanh": np.tanh, "relu": jax.nn.relu}[task.hidden]

    def loss_of(parameters: Any, rows: Any, targets: Any) -> Any:
        for weights, biases in parameters[:-1]:
            rows = activation(rows @ weights + biases)
        z = rows @ parameters[-1][0] + parameters[-1][1]
        if task.loss == "ce":
            return -np.mean(np.sum(targets * jax.nn.log_softmax(z), axis=1))
        if task.loss == "bce":
            return np.mean(np.maximum(z, 0) - targets * z + np.log1p(np.exp(-abs(z))))
        return np.mean((jax.nn.sigmoid(z) - targets) ** 2)

    def update(state: Any, rows: Any, targets: Any) -> tuple[Any, Any]:
        parameters, first, second, step = state
        loss, slopes = jax.value_and_grad(loss_of)(parameters, rows, targets)
        step += 1
        if task.rule == "gd":
            return (jax.tree.map(lambda w, g: w - task.rate * g, parameters, slopes), first, second, step), loss
        first = jax.tree.map(lambda m, g: _BETA1 * m + (1 - _BETA1) * g, first, slopes)
        second = jax.tree.map(lambda v, g: _BETA2 * v + (1 - _BETA2) * g * g, second, slopes)
        size = (task.rate / (1 - _BETA1**step)).astype(x.dtype)
        unseen = (1 / (1 - _BETA2**step)).astype(x.dtype)
        moved = jax.tree.map(lambda w, m, v: w - size * m / (np.sqrt(v * unseen) + _EPSILON), parameters, first, second)
        return (moved, first, second, step), loss

    whole = len(task.x) // task.batch  # what is left over would have another shape: it is left out, to JAX's advantage

    def epoch(_: Any, carried: Any) -> Any:
        state, key, _ = carried
        if task.is_full:
            state, loss = update(state, x, y)
            return state, key, loss
        key, drawn = jax.random.split(key)
        order = jax.random.permutation(drawn, len(task.x))[: whole * task.batch].reshape(whole, task.batch)
        state, losses = jax.lax.scan(lambda state, rows: update(state, x[rows], y[rows]), state, order)
        return state, key, losses.mean()

    def run(parameters: Any) -> Any:
        nothing = jax.tree.map(np.zeros_like, parameters)
        state = (parameters, nothing, nothing, np.asarray(0.0, x.dtype))
        return jax.lax.fori_loop(0, task.epochs, epoch, (state, jax.random.key(0), np.asarray(0.0, x.dtype)))[2]

    return run
