"""Arrays that remember how they came about."""

import copy
import pickle

import numpy as np
import pytest
import torch

from unstuck.doctor.scripts import tape
from unstuck.doctor.scripts.tape import Node, Tracked, gradients, kept, leaf, make_node, on_tape, plain, summed_to

RNG = np.random.default_rng(3)


@pytest.mark.parametrize(
    "index",
    [
        0,
        -1,
        slice(1, 3),
        (slice(None), 1),
        (slice(None, None, -1), slice(0, 2)),
        (Ellipsis, 0),
        None,
        [0, 2, 2],
        ([0, 1, 0], [1, 2, 1]),
        np.array([True, False, True, False]),
        (np.arange(4), np.array([0, 2, 1, 0])),
        np.ones((4, 3), bool),
    ],
)
def test_parts(check, index):
    check(lambda a: a[index], (4, 3))


def test_a_part_by_an_index_on_the_tape(check):
    order = leaf(np.array([2.0, 0.0, 1.0])).astype(int)
    check(lambda a: a[order] * a[a > -10], (3,))


def assigned(index):
    def function(a, b):
        a = a * 1.0
        a[index] = b
        return a * a

    return function


@pytest.mark.parametrize(
    ("index", "shape"),
    [(0, (3,)), (0, ()), (slice(0, 2), (2, 3)), (slice(0, 2), (3,)), ((slice(None), 1), (4,)), ((1, 2), ()),
     (0, (1, 3)), ([0, 2], (2, 3)), (np.array([True, False, True, False]), (2, 3))],
)  # fmt: skip
def test_item_assignments(check, index, shape):
    check(assigned(index), (4, 3), shape)


def test_an_item_assignment_of_a_plain_value_takes_the_gradient_of_what_was_there():
    tracked = leaf(np.ones(3))
    before = tracked.node
    tracked[1] = 5.0
    found = gradients([((tracked * np.array([1.0, 2.0, 3.0])).node, np.ones(3))])
    assert found[before].tolist() == [1.0, 0.0, 3.0]


def test_an_item_assignment_into_what_is_not_on_the_tape():
    outside = np.zeros(2).view(Tracked)
    outside[0] = 1.0
    assert outside.node is None
    value = leaf(np.array(2.0))
    outside[1] = value
    assert gradients([(outside.node, np.array([3.0, 4.0]))])[value.node] == pytest.approx(4.0)


OPERATORS = {
    "+=": lambda a, b: a.__iadd__(b),
    "-=": lambda a, b: a.__isub__(b),
    "*=": lambda a, b: a.__imul__(b),
    "/=": lambda a, b: a.__itruediv__(b),
}


@pytest.mark.parametrize("operator", OPERATORS)
@pytest.mark.parametrize("shape", [(2, 3), (3,), (2, 1), ()])
def test_operators_in_place(check, operator, shape):
    def function(a, b):
        made = a * 1.0
        before = made * 2.0  # computed from the value before the change
        changed = OPERATORS[operator](made, b * b + 1.0)
        assert changed is made
        return changed * before

    check(function, (2, 3), shape)


def test_powers_and_matrix_products_by_operators(check):
    check(lambda a, b: (a @ b) ** 2 - -a.sum() / (1.0 + b**2).sum(), (2, 3), (3, 2))
    check(lambda a: 2.0 - 1.0 / (3.0 + abs(a)) * (2.0**a), (2, 3))


def test_an_operand_is_remembered_as_it_was():
    tracked = leaf(np.array([2.0, 3.0]))
    start = tracked.node
    squares = tracked * tracked
    plain(tracked)[:] = 100.0
    assert gradients([(squares.node, np.ones(2))])[start].tolist() == [4.0, 6.0]


def test_a_large_operand_is_not_copied(monkeypatch):
    monkeypatch.setattr(tape, "_COPIED_UP_TO", 2)
    large, small = leaf(np.ones(3)), leaf(np.ones(2))
    assert np.shares_memory(kept(large), large)
    assert not np.shares_memory(kept(small), small)
    assert gradients([(np.exp(large).node, np.ones(3))])[large.node] == pytest.approx(np.full(3, np.e))


def test_a_plain_target_takes_the_numbers_without_the_tape():
    target = np.zeros(2)
    result = np.add(leaf(np.ones(2)), 1.0, out=target)
    assert result is target
    assert target.tolist() == [2.0, 2.0]
    target += leaf(np.ones(2))
    assert target.tolist() == [3.0, 3.0]
    assert type(target) is np.ndarray


def test_a_target_loses_what_it_was_by_an_operation_without_a_rule():
    tracked = leaf(np.array([1.0, -2.0]))
    np.sign(tracked, out=tracked)
    assert tracked.tolist() == [1.0, -1.0]
    assert tracked.node is None


def test_additions_at_places_change_the_numbers_alone():
    tracked = leaf(np.zeros(3))
    np.add.at(tracked, [0, 0, 2], leaf(np.ones(3)))
    assert tracked.tolist() == [2.0, 0.0, 1.0]


def test_results_that_are_not_floats_are_off_the_tape():
    tracked = leaf(np.array([1.0, -1.0]))
    assert type(tracked > 0) is np.ndarray
    assert type(tracked.astype(int)) is np.ndarray
    assert tracked.astype(np.float32).node is not None
    whole, fraction = np.divmod(tracked, 2.0)
    assert (whole.tolist(), fraction.tolist()) == ([0.0, -1.0], [1.0, 1.0])


def test_rows_and_numbers():
    tracked = leaf(np.arange(6.0).reshape(2, 3))
    rows = list(tracked)
    assert [row.tolist() for row in rows] == [[0, 1, 2], [3, 4, 5]]
    found = gradients([(rows[1].node, np.ones(3))])[tracked.node]
    assert found.tolist() == [[0, 0, 0], [1, 1, 1]]
    assert float(tracked[1, 2]) == 5.0
    with pytest.raises(TypeError, match="unsized"):
        iter(leaf(np.array(1.0)))


def test_copies():
    tracked = leaf(np.ones(2))
    for made in (copy.deepcopy(tracked), tracked.copy(), np.copy(tracked)):
        assert not np.shares_memory(made, tracked)
        assert gradients([(made.node, np.ones(2))])[tracked.node].tolist() == [1, 1]
    unpickled = pickle.loads(pickle.dumps(tracked))  # noqa: S301 (our own)
    assert type(unpickled) is np.ndarray
    assert unpickled.tolist() == [1, 1]
    outside = np.ones(2).view(Tracked)
    assert type(outside.copy()) is np.ndarray


def test_a_leaf_shares_the_memory():
    numbers = np.zeros(2)
    leaf(numbers)[0] = 1.0
    assert numbers[0] == 1.0


def test_plain_values():
    tracked = leaf(np.ones(1))
    assert type(plain(tracked)) is np.ndarray
    assert [type(entry) for entry in plain([tracked, 1])] == [np.ndarray, int]
    assert type(plain((tracked,))) is tuple
    untouched = [1, 2]
    assert plain(untouched) is untouched


def test_nodes():
    assert on_tape(3.0, None) == 3.0
    assert make_node(np.ones(2), [(np.ones(2), lambda gradient: gradient)]) is None
    tracked = leaf(np.ones(2))
    node = make_node(np.ones(2), [(tracked, lambda gradient: gradient), (1.0, lambda gradient: gradient)])
    assert [parent for parent, _ in node.parents] == [tracked.node]


def test_values_used_several_times():
    numbers = RNG.normal(size=(3, 3))
    tracked, tensor = leaf(numbers.copy()), torch.tensor(numbers, requires_grad=True)
    first = np.tanh(tracked @ tracked) + tracked
    loss = (first * first.T).sum() + first.mean()
    other = torch.tanh(tensor @ tensor) + tensor
    ((other * other.T).sum() + other.mean()).backward()
    found = gradients([(loss.node, np.array(1.0))])
    np.testing.assert_allclose(found[tracked.node], tensor.grad.numpy(), rtol=1e-12)


def test_several_seeds_add_up():
    tracked = leaf(np.ones(2))
    twice = tracked * 2.0
    found = gradients([(twice.node, np.ones(2)), (twice.node, np.ones(2)), (tracked.node, np.ones(2))])
    assert found[tracked.node].tolist() == [5.0, 5.0]
    assert gradients([]) == {}


def test_a_network_like_torch():
    shapes = [(5, 3), (3, 4), (1, 4), (4, 2), (2,)]
    values = [RNG.normal(size=shape) for shape in shapes]
    targets = RNG.normal(size=(5, 2))

    def loss_of(x, w1, b1, w2, b2, library):
        hidden = library.tanh(x @ w1 + b1)
        return ((hidden @ w2 + b2 - (targets if library is np else torch.tensor(targets))) ** 2).mean()

    leaves = [leaf(value.copy()) for value in values]
    tensors = [torch.tensor(value, requires_grad=True) for value in values]
    loss_of(*tensors, torch).backward()
    found = gradients([(loss_of(*leaves, np).node, np.array(1.0))])
    for tracked, tensor in zip(leaves, tensors, strict=True):
        np.testing.assert_allclose(found[tracked.node], tensor.grad.numpy(), rtol=1e-10)


@pytest.mark.parametrize(
    ("given", "shape", "expected"),
    [
        ((2, 3), (3,), (3,)),
        ((2, 3), (2, 1), (2, 1)),
        ((2, 3), (), ()),
        ((3,), (1, 3), (1, 3)),
        ((3,), (1, 1), (1, 1)),
        ((), (1,), (1,)),
    ],
)
def test_sums_over_what_was_broadcast(given, shape, expected):
    summed = summed_to(np.ones(given), shape)
    assert summed.shape == expected
    assert summed.sum() == np.ones(given).sum()


def test_a_node_nobody_asks_for():
    lonely = Node((2,))
    tracked = leaf(np.ones(2))
    assert lonely not in gradients([(tracked.node, np.ones(2))])
