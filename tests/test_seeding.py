"""Random numbers that depend on a seed, a purpose, an epoch, a batch and a layer, and on nothing else."""

import copy
from itertools import combinations

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from unstuck.errors import OptionError
from unstuck.seeding import Draw, Stream, check_seed, generator


def draws(*place, **settings):
    return generator(*place, **settings).random(8)


def test_same_place_same_numbers():
    assert_array_equal(draws(3, Stream.DROPOUT, 4, 5, 6), draws(3, Stream.DROPOUT, epoch=4, batch=5, layer=6))
    assert_array_equal(draws(np.uint8(3), Stream.DATA), draws(3, Stream.DATA))


def test_the_generator_is_philox_with_that_key_and_counter():
    expected = np.random.Generator(np.random.Philox(key=[7, Stream.DATA], counter=[0, 3, 2, 1]))
    assert_array_equal(draws(7, Stream.DATA, 1, 2, 3), expected.random(8))


def test_a_generator_can_be_copied():
    first = generator(7, Stream.DATA)
    first.random(3)
    assert_array_equal(copy.deepcopy(first).random(8), first.random(8))


def test_every_coordinate_counts():
    places = [
        *((7, stream) for stream in Stream),
        (8, Stream.WEIGHTS),
        (2**63 - 1, Stream.WEIGHTS),
        (7, Stream.WEIGHTS, 1),
        (7, Stream.WEIGHTS, 0, 1),
        (7, Stream.WEIGHTS, 0, 0, 1),
    ]
    for first, second in combinations([draws(*place) for place in places], 2):
        assert not np.intersect1d(first, second).size


def test_drawing_does_not_disturb_other_generators():
    np.random.seed(0)  # noqa: NPY002 (the global state is what must not matter)
    before = draws(1, Stream.SHUFFLE)
    np.random.seed(1)  # noqa: NPY002 (as above)
    generator(1, Stream.SHUFFLE).random(1000)
    assert_array_equal(draws(1, Stream.SHUFFLE), before)


def test_long_draws_do_not_run_into_the_next_place():
    """Layer, batch and epoch are the upper words of the counter: 2**64 blocks lie between two places."""
    state = generator(1, Stream.DROPOUT, epoch=4, batch=3, layer=2).bit_generator.state["state"]
    assert state["counter"].tolist() == [0, 2, 3, 4]
    assert state["key"].tolist() == [1, Stream.DROPOUT]


def philox(counter, key):
    """One block of Philox 4x64-10 as Salmon et al. have it."""
    whole = 2**64 - 1
    for _ in range(10):
        low, high = 0xD2E7470EE14C6C93 * counter[0], 0xCA5A826395121157 * counter[2]
        counter = [(high >> 64) ^ counter[1] ^ key[0], high & whole, (low >> 64) ^ counter[3] ^ key[1], low & whole]
        key = [(key[0] + 0x9E3779B97F4A7C15) & whole, (key[1] + 0xBB67AE8584CAA73B) & whole]
    return counter


def test_numbers_are_those_of_philox():
    """The first check is the known answer that Random123 comes with. NumPy counts up before it draws."""
    assert philox([0] * 4, [0] * 2) == [0x16554D9ECA36314C, 0xDB20FE9D672D0FDC, 0xD7E772CEE186176B, 0x7E68B68AEC7BA23B]
    drawn = generator(7, Stream.DROPOUT, epoch=4, batch=3, layer=2).bit_generator.random_raw(8).tolist()
    assert drawn == philox([1, 2, 3, 4], [7, 2]) + philox([2, 2, 3, 4], [7, 2])


def test_streams_keep_their_numbers():
    """Others would change what every seed gives."""
    assert [stream.name for stream in Stream] == ["WEIGHTS", "SHUFFLE", "DROPOUT", "SPLIT", "DATA", "SAMPLE"]
    assert list(Stream) == [0, 1, 2, 3, 4, 5]


@pytest.mark.parametrize("seed", [0, 1, 2**63 - 1, np.int64(5), np.uint64(2**63 - 1)])
def test_what_can_be_a_seed(seed):
    assert type(check_seed(seed)) is int
    assert check_seed(seed) == seed


@pytest.mark.parametrize("seed", [-1, 2**63, 1.0, "1", None, True, np.True_, np.float64(1), np.array([1]), [1]])
@pytest.mark.parametrize("call", [check_seed, lambda seed: generator(seed, Stream.DATA)])
def test_what_cannot(seed, call):
    with pytest.raises(OptionError) as caught:
        call(seed)
    assert str(caught.value) == f"seed must be a whole number from 0 to 2**63 - 1. Got {seed!r} instead."


def test_a_draw_is_a_place():
    assert Draw(seed=1, epoch=2, batch=3) == (1, 2, 3)
