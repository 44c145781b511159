"""Resamples are what the seed says, however they are cut into blocks, kept or drawn again."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from radimpress.metrics import draws
from radimpress.metrics.draws import Draw, Kept

FEW = Draw(seed=5, samples=70, reports=30)


def whole(kept, draw):
    blocks = list(kept.blocks(draw))
    assert [rows.start for rows, _ in blocks[1:]] == [rows.stop for rows, _ in blocks[:-1]]
    return np.concatenate([counts for _, counts in blocks])


def plain(draw):
    """The definition: as many reports as there are, drawn with replacement, counted."""
    generator = np.random.default_rng([draw.seed, draw.reports])
    places = generator.integers(0, draw.reports, size=(draw.samples, draw.reports))
    return np.stack([np.bincount(row, minlength=draw.reports) for row in places])


@given(st.integers(0, 2**32), st.integers(1, 40), st.integers(1, 300), st.integers(1, 2000))
@settings(max_examples=60, deadline=None)
def test_counts_are_those_of_the_definition_for_any_size_of_block(seed, samples, reports, cells):
    draw = Draw(seed, samples, reports)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(draws, "CELLS", cells)
        kept, drawn_again = whole(Kept(10**9), draw), whole(Kept(0), draw)
    assert (kept == plain(draw)).all()
    assert (drawn_again == kept).all()
    assert (kept.sum(axis=1, dtype=int) == reports).all()


def test_a_drawing_is_made_once_and_given_again(monkeypatch):
    kept = Kept(10**6)
    first = whole(kept, FEW)
    monkeypatch.setattr(draws, "_drawn", None)  # drawing again would fail
    assert (whole(kept, FEW) == first).all()


def test_the_least_recently_used_drawings_give_way(monkeypatch):
    sizes = [Draw(1, 10, reports) for reports in (10, 11, 12)]
    kept = Kept(10 * (10 + 12))
    for draw in (sizes[0], sizes[1], sizes[0], sizes[2]):
        whole(kept, draw)
    monkeypatch.setattr(draws, "_drawn", lambda draw: pytest.fail(f"drawn again: {draw}"))
    whole(kept, sizes[0])
    whole(kept, sizes[2])
    with pytest.raises(pytest.fail.Exception):
        whole(kept, sizes[1])


def test_what_is_larger_than_the_memory_is_never_kept():
    kept = Kept(FEW.samples * FEW.reports - 1)
    whole(kept, FEW)
    assert not kept._counts
