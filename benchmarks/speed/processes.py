"""Whole processes: from a cold start to a network that has solved XOR, and an epoch on a machine that is busy."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
import tempfile
from dataclasses import replace

from benchmarks.speed.mnist import digits
from benchmarks.speed.peers import torch_peer, unstuck_side
from benchmarks.speed.sides import Side, table, take_turns
from benchmarks.speed.task import Task
from unstuck.blas import core_count

_TORCH = """
import torch
x = torch.tensor([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]); y = torch.tensor([[0.0], [1.0], [1.0], [0.0]])
torch.manual_seed(0)
net = torch.nn.Sequential(torch.nn.Linear(2, 8), torch.nn.Tanh(), torch.nn.Linear(8, 1), torch.nn.Sigmoid())
rule = torch.optim.Rprop(net.parameters())
for epoch in range(2000):
    rule.zero_grad(); loss = torch.nn.functional.binary_cross_entropy(net(x), y); loss.backward(); rule.step()
    if loss < 1e-3: break
print(float(loss))
"""
_JAX = """
import jax, jax.numpy as np
x = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]); y = np.array([[0.0], [1.0], [1.0], [0.0]])
keys = jax.random.split(jax.random.key(0))
start = [jax.random.normal(keys[0], (2, 8)), np.zeros(8), jax.random.normal(keys[1], (8, 1)), np.zeros(1)]
def loss(p):
    z = np.tanh(x @ p[0] + p[1]) @ p[2] + p[3]
    return np.mean(np.maximum(z, 0) - y * z + np.log1p(np.exp(-abs(z))))
step = lambda _, p: jax.tree.map(lambda w, g: w - 1.0 * g, p, jax.grad(loss)(p))
p = jax.jit(lambda p: jax.lax.fori_loop(0, 2000, step, p))(start)
print(loss(p))
"""
_NOTHING = "import numpy"
_OURS = "import unstuck"
_BUSY = "while True: pass"


def cold_start(repeats: int) -> str:
    """Time whole processes; ours also writes its run folder."""
    with tempfile.TemporaryDirectory() as folder:
        made = [
            _process("unstuck train xor", ["-m", "unstuck", "train", "xor", "--run", f"{folder}/run", "--force"]),
            _process("the shortest torch program", ["-c", _TORCH]) if importlib.util.find_spec("torch") else None,
            _process("the shortest JAX program", ["-c", _JAX]) if importlib.util.find_spec("jax") else None,
            _process("unstuck --version", ["-m", "unstuck", "--version"]),
            _process("import unstuck", ["-c", _OURS]),
            _process("import unstuck, then a network", ["-c", "import unstuck as us; us.Network([us.Dense(2, 1)])"]),
            _process("import numpy", ["-c", _NOTHING]),
        ]
        sides = [side for side in made if side is not None]
        take_turns(sides, repeats)
    return table("Whole processes, cold start to solved XOR", "ms", 1e3, sides, "exit code")


def _process(name: str, arguments: list[str]) -> Side:
    def work() -> float:
        return subprocess.run([sys.executable, *arguments], capture_output=True, check=False).returncode  # noqa: S603 (our own programs)

    return Side(name, work, 1)


def busy(repeats: int) -> str:
    """Time an epoch of 784-128-10 while the machine has nothing else to do, and while every core has."""
    x, y = digits()
    task = Task((784, 128, 10), "relu", "ce", x, y, 128, 1, "adam", 1e-3, core_count())
    sides = []
    for state, loops in (("quiet", 0), (f"{core_count()} busy loops", core_count())):
        for make in (unstuck_side.side, torch_peer.side):
            side = make(replace(task))
            if side is not None:
                side.name, side.amount = f"{side.name}, {state}", 1
                _beside(side, loops)
                sides.append(side)
    sides = sides[::2] + sides[1::2] if len(sides) > 2 else sides  # noqa: PLR2004 (each library by itself)
    take_turns(sides, repeats)
    return table("784-128-10, an epoch on a busy machine", "s an epoch", 1.0, sides, "loss")


def _beside(side: Side, loops: int) -> None:
    """Let a side work beside so many busy loops."""
    work = side.work

    def beside() -> float:
        others = [subprocess.Popen([sys.executable, "-c", _BUSY]) for _ in range(loops)]  # noqa: S603 (our own program)
        try:
            return work()
        finally:
            for other in others:
                other.kill()
                other.wait()

    side.work = beside
