import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radimpress.registry.ledger.entry import (
    Draft,
    canonical,
    digest,
    draft,
    minute,
    read_entry,
    seal,
    sentence,
)

TEXT = st.text(max_size=20)
VERSION = st.none() | st.integers(1, 99).map(str)
DRAFTS = st.builds(
    Draft,
    time=st.just("2026-01-02T03:04:05.000006+00:00"),
    who=TEXT,
    action=st.sampled_from(["promote", "rollback"]),
    name=TEXT,
    from_version=VERSION,
    to_version=VERSION,
    model_sha256=TEXT,
    gates=st.lists(TEXT, max_size=3).map(tuple),
    overrides=st.dictionaries(TEXT, TEXT, max_size=3),
    reason=TEXT,
    decision=TEXT,
    accepted=st.lists(TEXT, max_size=3).map(tuple),
)


@given(DRAFTS, st.integers(1, 10**6), TEXT)
def test_an_entry_comes_back_from_its_text_with_its_digest(draft, sequence, previous):
    entry = seal(draft, sequence, previous)
    assert read_entry(canonical(entry)) == entry
    assert entry.digest == digest(canonical(entry))


@given(DRAFTS, st.sampled_from(["who", "action", "to_version", "reason", "overrides", "gates"]))
def test_every_field_is_under_the_digest(draft, field):
    entry = seal(draft, 1, "")
    values = json.loads(canonical(entry))
    values[field] = "something else"
    assert digest(json.dumps(values, sort_keys=True, separators=(",", ":"))) != entry.digest


@pytest.mark.parametrize("text", ["", "{", "[]", "3", "{}", '{"who": "a"}', "null"])
def test_what_is_no_entry_is_a_value_error(text):
    with pytest.raises(ValueError, match=r"no entry|Expecting"):
        read_entry(text)


def test_a_newer_program_may_write_more():
    entry = seal(draft("promote", "m", None, "1"), 1, "")
    values = json.loads(canonical(entry)) | {"weather": "fine"}
    text = json.dumps(values)
    assert read_entry(text) == replace(entry, digest=digest(text))


def test_the_sentence_says_who_did_what_and_shouts_an_override():
    entry = replace(
        draft("promote", "m", "3", "7"),
        time="2026-01-02T03:04:05.000006+00:00",
        who="Ann",
        overrides={"latency": "new machine"},
    )
    assert sentence(entry) == (
        "**promote** 3 → 7 by Ann at 2026-01-02 03:04 UTC. **OVERRIDDEN: latency (new machine)**"
    )
    assert minute(entry.time) == "2026-01-02 03:04"
    assert "2 → none by" in sentence(draft("rollback", "m", "2", None))
