from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radimpress.config.fingerprint import fingerprint, result_fingerprint
from radimpress.config.schema import Access, Compute, Config, Data, Model, Tracking, Training


def test_a_known_value_keeps_its_fingerprint():
    # Checkpoints on users' disks are named by it: a change here orphans them.
    known = "9838a8b5f0021407149db1bc633bfb83fd8025701f460c7203bd134765b425d2"
    assert fingerprint({"a": 1, "b": [True, None, 0.5]}) == known


@given(st.dictionaries(st.text(), st.integers() | st.text() | st.floats(allow_nan=False)))
def test_the_order_of_keys_does_not_matter(mapping):
    assert fingerprint(mapping) == fingerprint(dict(reversed(list(mapping.items()))))


def test_enums_and_dataclasses_count_by_value():
    assert fingerprint(Access.public) == fingerprint("public")
    assert fingerprint(Model(name="x")) == fingerprint(Model(name="x"))


def test_a_changed_field_changes_it():
    training = Training()
    assert fingerprint(training) != fingerprint(replace(training, learning_rate=2e-4))
    assert fingerprint(training, 1) != fingerprint(1, training)
    assert fingerprint(Data(name="a")) != fingerprint(Data(name="b"))


def test_what_has_no_canonical_form_is_refused():
    with pytest.raises(TypeError, match="set has no canonical form"):
        fingerprint({1, 2})


def test_where_a_result_is_made_and_recorded_is_no_part_of_it():
    config = Config(data=Data(name="a"))
    elsewhere = replace(
        config, compute=Compute(threads=9), tracking=Tracking(uri="x"), conf_digest="y"
    )
    assert result_fingerprint(elsewhere) == result_fingerprint(config)
    assert result_fingerprint(replace(config, seed=1)) != result_fingerprint(config)
