"""The gradient of every NumPy function with a rule against finite differences."""

import functools

import numpy as np
import pytest

from unstuck.doctor.scripts.tape import Tracked, gradients, leaf

RNG = np.random.default_rng(5)


def off_tape(result):
    return not isinstance(result, Tracked) or result.node is None


@pytest.mark.parametrize(
    ("left", "right"),
    [((), ()), ((), (3,)), ((2, 3), ()), ((3,), (3,)), ((2, 3), (3,)), ((3,), (3, 4)), ((2, 3), (3, 4)),
     ((5, 2, 3), (3,)), ((5, 2, 3), (3, 4)), ((2, 3), (5, 3, 4)), ((5, 2, 3), (6, 3, 4)), ((3,), (5, 3, 4))],
)  # fmt: skip
def test_dot(check, left, right):
    check(np.dot, left, right)
    check(lambda a, b: a.dot(b), left, right)


def test_vdot(check):
    check(np.vdot, (2, 3), (2, 3))


@pytest.mark.parametrize("axis", [None, 0, 1, -1, (0, 2)])
@pytest.mark.parametrize("keepdims", [False, True])
@pytest.mark.parametrize("name", ["sum", "mean", "max", "min", "amax", "amin", "average"])
def test_reductions(check, name, axis, keepdims):
    check(lambda a: getattr(np, name)(a, axis=axis, keepdims=keepdims), (3, 4, 2))


@pytest.mark.parametrize("axis", [None, 0, 1, -1])
@pytest.mark.parametrize("keepdims", [False, True])
@pytest.mark.parametrize("name", ["var", "std"])
@pytest.mark.parametrize("ddof", [0, 1])
def test_spreads(check, name, axis, keepdims, ddof):
    check(lambda a: getattr(np, name)(a, axis=axis, keepdims=keepdims, ddof=ddof), (3, 4))


@pytest.mark.parametrize("name", ["sum", "mean", "max", "min", "var", "std"])
def test_reductions_as_methods(check, name):
    check(lambda a: getattr(a, name)(0), (3, 4))
    check(lambda a: getattr(a, name)(), (3, 4))


def test_equal_largest_entries_share_their_gradient():
    tracked = leaf(np.array([[2.0, 2.0], [0.0, 1.0]]))
    found = gradients([(np.max(tracked, axis=1).node, np.ones(2))])[tracked.node]
    assert found.tolist() == [[0.5, 0.5], [0.0, 1.0]]


MOVES = {
    "transposed": np.transpose,
    "T": lambda a: a.T,
    "transposed with axes": lambda a: np.transpose(a, (2, 0, 1)),
    "transposed by a method": lambda a: (
        a.transpose(1, 2, 0) if not isinstance(a, Tracked) else np.transpose(a, (1, 2, 0))
    ),
    "reshaped": lambda a: np.reshape(a, (4, 6)),
    "reshaped to a length": lambda a: a.reshape(-1),
    "reshaped by a tuple": lambda a: a.reshape((6, 4)),
    "reshaped by numbers": lambda a: a.reshape(4, -1),
    "reshaped in Fortran's order": lambda a: a.reshape(4, 6, order="F"),
    "ravelled": np.ravel,
    "ravelled by a method": lambda a: a.ravel(),
    "flattened": lambda a: a.flatten(),
    "squeezed": lambda a: np.squeeze(np.expand_dims(a, 1)),
    "expanded": lambda a: np.expand_dims(a, -1),
    "with axes swapped": lambda a: np.swapaxes(a, 0, 2),
    "with axes swapped by a method": lambda a: a.swapaxes(0, 1),
    "with an axis moved": lambda a: np.moveaxis(a, 0, -1),
    "repeated": lambda a: np.repeat(a, 2, axis=1),
    "repeated by a method": lambda a: a.repeat(3),
    "tiled": lambda a: np.tile(a, (2, 1, 1)),
    "flipped": np.flip,
    "flipped left to right": np.fliplr,
    "flipped up to down": np.flipud,
    "rolled": lambda a: np.roll(a, 2, axis=1),
    "broadcast": lambda a: np.broadcast_to(a, (5, 2, 3, 4)),
    "taken": lambda a: np.take(a, [0, 0, 2], axis=1),
    "with something deleted": lambda a: np.delete(a, 1, axis=2),
    "at least one-dimensional": np.atleast_1d,
    "at least two-dimensional": np.atleast_2d,
    "copied": np.copy,
    "copied by a method": lambda a: a.copy(),
    "with a new type": lambda a: a.astype(np.float64),
}


@pytest.mark.parametrize("name", MOVES)
def test_entries_that_are_only_moved(check, name):
    check(MOVES[name], (2, 3, 4))


def test_diagonals(check):
    check(np.diag, (3,))
    check(np.diag, (3, 3))
    check(lambda a: np.diag(a, 1), (2,))


def test_numbers_become_arrays(check):
    check(np.atleast_1d, ())
    check(np.atleast_2d, ())


JOINS = {
    "concatenated": (lambda a, b: np.concatenate([a, b]), (2, 3), (4, 3)),
    "concatenated along an axis": (lambda a, b: np.concatenate((a, b), axis=1), (2, 3), (2, 1)),
    "concatenated flat": (lambda a, b: np.concatenate([a, b], axis=None), (2, 3), (4,)),
    "with a plain array": (lambda a: np.concatenate([a, np.ones((1, 3))]), (2, 3)),
    "twice the same": (lambda a: np.concatenate([a, a]), (2,)),
    "beside each other": (lambda a, b: np.hstack([a, b]), (2, 3), (2, 2)),
    "beside each other, numbers": (lambda a, b: np.hstack([a, b]), (), (2,)),
    "above each other": (lambda a, b: np.vstack([a, b]), (3,), (2, 3)),
    "as columns": (lambda a, b: np.column_stack([a, b]), (3,), (3, 2)),
    "stacked": (lambda a, b: np.stack([a, b]), (2, 3), (2, 3)),
    "stacked along an axis": (lambda a, b: np.stack([a, b], axis=1), (2, 3), (2, 3)),
    "appended": (np.append, (2, 3), (2,)),
    "appended along an axis": (lambda a, b: np.append(a, b, axis=0), (2, 3), (1, 3)),
    "appended a number": (lambda a: np.append(a, 1.0), (3,)),
    "inserted": (lambda a: np.insert(a, 1, 5.0), (3,)),
    "inserted a column": (lambda a: np.insert(a, 0, 1.0, axis=1), (2, 3)),
    "inserted something on the tape": (lambda a, b: np.insert(a, 0, b, axis=0), (2, 3), (3,)),
    "inserted a number on the tape": (lambda a, b: np.insert(a, [0, 2], b), (3,), ()),
    "inserted into a plain array": (lambda b: np.insert(np.ones(3), 1, b), ()),
}


@pytest.mark.parametrize("name", JOINS)
def test_arrays_that_are_joined(check, name):
    check(*JOINS[name])


def test_choices(check):
    condition = np.array([[True, False, True], [False, True, False]])
    check(lambda a, b: np.where(condition, a, b), (2, 3), (2, 3))
    check(lambda a, b: np.where(condition, a, b), (3,), ())
    check(lambda a: np.where(a > 0, a, 0.01 * a), (2, 3))
    assert [part.tolist() for part in np.where(leaf(np.array([0.0, 2.0])))] == [[1]]


@pytest.mark.parametrize(
    "clip",
    [
        lambda a: np.clip(a, -0.5, 0.5),
        lambda a: np.clip(a, a_min=-0.5, a_max=0.5),
        lambda a: np.clip(a, min=-0.5, max=0.5),
        lambda a: np.clip(a, -0.5, None),
        lambda a: a.clip(-0.5, 0.5),
        lambda a: a.clip(min=-0.5),
        lambda a: a.clip(max=0.5),
    ],
)
def test_clipping(check, clip):
    check(clip, (4, 5))


def test_outer_products(check):
    check(np.outer, (3,), (4,))
    check(np.outer, (2, 2), (3,))


@pytest.mark.parametrize(
    "norm",
    [
        np.linalg.norm,
        lambda a: np.linalg.norm(a, "fro"),
        lambda a: np.linalg.norm(a, axis=1),
        lambda a: np.linalg.norm(a, 2, axis=0),
        lambda a: np.linalg.norm(a, axis=1, keepdims=True),
        lambda a: np.linalg.norm(a, axis=(0, 1)),
        lambda a: np.linalg.norm(a.ravel(), 2),
    ],
)
def test_norms(check, norm):
    check(norm, (3, 4))


@pytest.mark.parametrize(("order", "axis"), [(1, None), (2, None), (2, (0, 1)), (np.inf, 0)])
def test_other_norms_leave_the_tape_with_the_right_value(order, axis):
    matrix = RNG.normal(size=(3, 4))
    result = np.linalg.norm(leaf(matrix.copy()), order, axis)
    assert off_tape(result)
    np.testing.assert_array_equal(result, np.linalg.norm(matrix, order, axis))


def test_the_norm_of_nothing_has_no_slope():
    tracked = leaf(np.zeros(3))
    assert gradients([(np.linalg.norm(tracked).node, np.array(1.0))])[tracked.node].tolist() == [0.0, 0.0, 0.0]


@pytest.mark.parametrize(
    ("subscripts", "shapes"),
    [("ij,jk->ik", [(2, 3), (3, 4)]), ("ij,jk -> ki", [(2, 3), (3, 4)]), ("ij->j", [(2, 3)]), ("ij->ji", [(2, 3)]),
     ("ij,k->i", [(2, 3), (4,)]), ("bi,bo->io", [(5, 2), (5, 3)]), ("i,i->", [(3,), (3,)]), ("bij,bjk->bik", [(2, 3, 4), (2, 4, 2)])],
)  # fmt: skip
def test_einstein_sums(check, subscripts, shapes):
    check(functools.partial(np.einsum, subscripts), *shapes)


@pytest.mark.parametrize("subscripts", ["ij,jk", "ii->i", "...i->...", "ij,jk,kl->il"])
def test_other_einstein_sums_leave_the_tape_with_the_right_value(subscripts):
    operands = [RNG.normal(size=(3, 3)) for _ in range(subscripts.count(",") + 1)]
    result = np.einsum(subscripts, *map(leaf, operands))
    assert off_tape(result)
    np.testing.assert_array_equal(np.asarray(result), np.einsum(subscripts, *operands))


def test_unusual_calls_leave_the_tape_with_the_right_value():
    numbers = RNG.normal(size=(3, 4))
    weights = np.array([1.0, 2.0, 3.0])
    for call in (
        lambda a: np.average(a, 0, weights),
        lambda a: np.sum(a, where=numbers > 0),
        lambda a: np.var(a, axis=(0, 1)),
        lambda a: np.cumsum(a, axis=0),
        np.prod,
        lambda a: np.sum(a, axis=0, out=np.zeros(4)),
        np.trace,
        np.argmax,
    ):
        result = call(leaf(numbers.copy()))
        assert off_tape(result)
        np.testing.assert_allclose(np.asarray(result), call(numbers), rtol=1e-14)


def test_of_plain_operands_nothing_is_followed():
    tracked = leaf(np.ones(2))
    tracked.node = None
    for result in (
        np.sum(tracked),
        np.concatenate([tracked, np.ones(1)]),
        np.dot(tracked, np.ones(2)),
        np.exp(tracked),
    ):
        assert off_tape(result)


def test_wrong_calls_fail_as_they_do_without_a_tape():
    with pytest.raises(ValueError, match="shapes"):
        np.dot(leaf(np.ones(2)), np.ones(3))
    with pytest.raises(ValueError, match="cannot reshape"):
        leaf(np.ones(2)).reshape(3)
    with pytest.raises(np.exceptions.AxisError):
        np.sum(leaf(np.ones(2)), axis=4)
