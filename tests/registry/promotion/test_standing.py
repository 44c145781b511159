import pytest

from radimpress.registry.ledger.chain import Chain
from radimpress.registry.ledger.entry import draft, seal
from radimpress.registry.promotion.standing import Standing, refuse_damage, refuse_drift
from radimpress.registry.versions import Version
from radimpress.runtime.errors import RadimpressError


def standing(alias, head="2", settled=True, problems=()):
    entries = (seal(draft("promote", "m", None, head), 1, ""),) if head else ()
    champion = Version("m", alias, "", "") if alias else None
    return Standing(Chain(entries, problems, settled=settled), champion)


def test_ledger_and_alias_that_agree_are_refused_nothing():
    for agreed in (standing("2"), standing(None, head=None), standing("5", head=None)):
        assert agreed.drift == ""
        refuse_drift(agreed)
        refuse_damage(agreed)


def test_an_alias_that_is_about_to_move_has_not_drifted():
    assert standing("1", settled=False).drift == ""


def test_a_moved_alias_is_named_with_both_ways_out():
    with pytest.raises(RadimpressError) as caught:
        refuse_drift(standing("5"))
    assert str(caught.value) == (
        "alias champion is version 5, and entry 1 of the ledger says version 2: somebody moved it "
        "outside radimpress; next: `radimpress rollback --to 2 --reason TEXT` puts it back or "
        "`radimpress rollback --to 5 --reason TEXT` records it as it is"
    )


def test_a_removed_alias_can_only_be_put_back():
    with pytest.raises(
        RadimpressError, match="champion is gone.*--to 2 --reason TEXT` puts it"
    ) as e:
        refuse_drift(standing(None))
    assert "records it" not in str(e.value)


def test_damage_names_the_first_and_counts_the_rest():
    with pytest.raises(RadimpressError, match=r"damaged: entry 1 is missing \(and 1 more\); next"):
        refuse_damage(standing("2", problems=("entry 1 is missing", "entry 2 was changed")))
