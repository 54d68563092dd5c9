"""The seal: nothing readable, nothing movable, and keys that survive a change of the portal's secret."""

import itertools
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procurement.sealing import BrokenSeal, Context, new_key, seal, unseal, unwrap, wrap

HERE = Context("tender", "bidder", "price")


@given(st.binary(max_size=200))
def test_what_is_sealed_opens_again_and_cannot_be_read_before(content):
    key = new_key()
    sealed = seal(key, content, HERE)
    assert unseal(key, sealed, HERE) == content
    assert len(content) < 8 or content not in sealed


@pytest.mark.parametrize(
    "elsewhere",
    [Context("other", "bidder", "price"), Context("tender", "other", "price"), Context("tender", "bidder", "quality")],
)
def test_a_sealed_part_cannot_be_moved_to_another_place(elsewhere):
    key = new_key()
    with pytest.raises(BrokenSeal):
        unseal(key, seal(key, b"540000", HERE), elsewhere)


def test_every_single_changed_byte_is_noticed():
    key = new_key()
    sealed = seal(key, b"540000", HERE)
    for place in range(len(sealed)):
        spoiled = sealed[:place] + bytes([sealed[place] ^ 1]) + sealed[place + 1 :]
        with pytest.raises(BrokenSeal):
            unseal(key, spoiled, HERE)
    for length in range(len(sealed)):
        with pytest.raises(BrokenSeal):
            unseal(key, sealed[:length], HERE)


def test_the_same_content_is_sealed_differently_each_time():
    key = new_key()
    sealed = [seal(key, b"540000", HERE) for _ in range(20)]
    assert all(a != b for a, b in itertools.combinations(sealed, 2))


def test_another_key_does_not_open_it():
    with pytest.raises(BrokenSeal):
        unseal(new_key(), seal(new_key(), b"540000", HERE), HERE)


def test_a_tender_key_is_wrapped_for_one_tender_and_survives_a_new_secret():
    key = new_key()
    wrapped = wrap(key, "old secret", "tender")
    assert key not in wrapped
    assert unwrap(wrapped, ["new secret", "old secret"], "tender") == key
    with pytest.raises(BrokenSeal):
        unwrap(wrapped, ["new secret"], "tender")
    with pytest.raises(BrokenSeal):
        unwrap(wrapped, ["old secret"], "another tender")


def test_rubbish_is_a_broken_seal_not_a_crash():
    for length in (0, 1, 11, 12, 13, 28, 200):
        with pytest.raises(BrokenSeal):
            unseal(new_key(), os.urandom(length), HERE)
