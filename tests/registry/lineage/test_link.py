from radimpress.registry.lineage.link import Link, State, broken, holds, unchecked


def test_a_link_is_named_by_what_became_of_it():
    assert holds("a", "1", "x") == Link("a", "1", State.holds, "x")
    assert broken("a", "1", "x") == Link("a", "1", State.broken, "x")
    assert unchecked("a", "1", "x") == Link("a", "1", State.unchecked, "x")
