"""Iris-like codes: two kernels find the same, tilted heads are found, lids do not count."""

from __future__ import annotations

import numpy as np
import pytest

from sim.errors import UsageError
from sim.matcher.iris.codes import RINGS, WORDS, IrisCodes, irises
from sim.matcher.iris.search import nearest

EVERYBODY = irises(1, 0, 120)


def test_people_are_found_however_their_head_is_tilted() -> None:
    """Mates differ in under a third of their bits, strangers in more."""
    found = nearest(EVERYBODY, irises(1, 0, 40, capture=1))
    assert found.ids.tolist() == list(range(40))
    assert found.distances.max() < 0.32
    assert nearest(EVERYBODY, irises(2, 0, 40, capture=1)).distances.min() > 0.36


@pytest.mark.parametrize("people", [1, 2, 63, 120])
def test_both_kernels_find_the_same(people: int) -> None:
    """The same person at the same distance, ties to the lower id."""
    codes = irises(1, 0, people)
    gallery = IrisCodes(np.repeat(codes.bits, 2, axis=0), np.repeat(codes.mask, 2, axis=0))
    probes = irises(1, 0, min(people, 9), capture=2)
    fast, slow = nearest(gallery, probes), nearest(gallery, probes, kernel="naive")
    np.testing.assert_array_equal(fast.ids, slow.ids)
    np.testing.assert_array_equal(fast.distances, slow.distances)
    assert (fast.ids % 2 == 0).all()


def test_bits_that_are_not_seen_do_not_count() -> None:
    """Changing them changes nothing; codes that share too few are as far as can be."""
    one, blind = irises(1, 0, 1), IrisCodes(EVERYBODY.bits, np.zeros_like(EVERYBODY.mask))
    changed = IrisCodes(one.bits ^ ~one.mask, one.mask)
    assert nearest(EVERYBODY, changed).distances[0] == 0
    assert nearest(blind, one).distances[0] == 1


def test_a_rotation_turns_every_ring() -> None:
    """All the way round is where it began; one step moves each ring's last bit to its front."""
    one = irises(1, 0, 2)
    np.testing.assert_array_equal(one.rotated(256).bits, one.bits)
    np.testing.assert_array_equal(one.rotated(3).rotated(-3).mask, one.mask)
    last = (one.bits[:, 3::4] >> np.uint64(63)) & np.uint64(1)
    front = one.rotated(1).bits[:, ::4] & np.uint64(1)
    assert last.shape == (2, RINGS)
    np.testing.assert_array_equal(front, last)


def test_wrong_codes_are_refused() -> None:
    """Shape, type, number, and an empty gallery."""
    with pytest.raises(UsageError, match="expected uint64 of shape"):
        IrisCodes(np.zeros((1, 3), dtype=np.uint64), np.zeros((1, WORDS), dtype=np.uint64))
    with pytest.raises(UsageError, match="2 codes, but 1 masks"):
        IrisCodes(EVERYBODY.bits[:2], EVERYBODY.mask[:1])
    with pytest.raises(UsageError, match="it is empty"):
        nearest(IrisCodes(EVERYBODY.bits[:0], EVERYBODY.mask[:0]), EVERYBODY)
