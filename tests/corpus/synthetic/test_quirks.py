import random
from collections import Counter
from dataclasses import fields, replace

import pytest

from radimpress.corpus.synthetic.quirks import (
    EXCLUSIVE,
    NO_QUIRKS,
    Quirk,
    QuirkRates,
    drawn_quirks,
)


def test_every_quirk_has_a_rate():
    assert {field.name for field in fields(QuirkRates)} == {quirk.value for quirk in Quirk}


def test_rates_of_zero_draw_nothing():
    assert not any(drawn_quirks(NO_QUIRKS, random.Random(n)) for n in range(200))


def test_of_the_exclusive_quirks_a_report_has_one_at_most():
    always = QuirkRates(**{quirk.value: 1.0 for quirk in Quirk})
    found = drawn_quirks(always, random.Random(0))
    assert len(found & set(EXCLUSIVE)) == 1
    assert len(found) == len(Quirk) - len(EXCLUSIVE) + 1


def test_quirks_come_at_their_rates():
    rng = random.Random(1)
    counts = Counter(quirk for _ in range(20_000) for quirk in drawn_quirks(QuirkRates(), rng))
    for quirk in Quirk:
        rate = getattr(QuirkRates(), quirk.value)
        assert counts[quirk] / 20_000 == pytest.approx(rate, abs=0.01)


def test_a_rate_changes_nothing_but_its_own_quirk():
    more = replace(QuirkRates(), wet_read=1.0)
    for n in range(200):
        before = drawn_quirks(QuirkRates(), random.Random(n))
        assert drawn_quirks(more, random.Random(n)) == before | {Quirk.WET_READ}
