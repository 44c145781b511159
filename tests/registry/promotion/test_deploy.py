from dataclasses import replace

import pytest

from radimpress.registry.ledger.entry import draft
from radimpress.registry.promotion.deploy import deploy_champion
from radimpress.registry.promotion.settle import carry_out
from radimpress.registry.promotion.targets import UnreachedError
from radimpress.runtime.errors import RadimpressError


@pytest.fixture
def promoted(ledger):
    """Promote a version as the ledger knows it; `to` False leaves the entry unfinished."""

    def promote(number, target=None):
        head = ledger.read().head
        before = head.to_version if head else None
        entry = ledger.append(draft("promote", ledger.name, before, number), head)
        if target is not None:
            carry_out(ledger, entry, [target])
        return entry

    return promote


def test_the_champion_of_record_is_deployed_as_often_as_asked(config, ledger, promoted, target):
    promoted("1", target)
    for _ in range(2):
        done = deploy_champion(config, [target])
        assert (done.number, done.finished) == ("1", False)
        assert done.served == ("window answers with version 1",)
    assert len(ledger.entries()) == 1


def test_without_a_champion_there_is_nothing_to_deploy(config, ledger, target):
    with pytest.raises(RadimpressError, match="has no champion of record; next: .*promote"):
        deploy_champion(config, [target])


def test_an_unfinished_promotion_is_finished_first(config, ledger, promoted, target):
    promoted("1", target)
    promoted("2")
    done = deploy_champion(config, [target])
    assert (done.number, done.finished, target.now) == ("2", True, "2")
    assert ledger.read().unfinished is None


def test_an_unfinished_promotion_that_is_refused_is_taken_back(config, ledger, promoted, target):
    promoted("1", target)
    promoted("2")
    target.refuses = {"2"}
    with pytest.raises(RadimpressError, match="was rolled back .*window: version 2 is broken"):
        deploy_champion(config, [target])
    assert [entry.to_version for entry in ledger.entries()] == ["1", "2", "1"]
    assert target.now == "1"


def test_a_refused_champion_of_record_stays_champion(config, ledger, promoted, target):
    promoted("1", target)
    target.refuses = {"1"}
    with pytest.raises(RadimpressError, match="window: version 1 is broken"):
        deploy_champion(config, [target])
    assert len(ledger.entries()) == 1


def test_somebody_elses_promotion_meanwhile_wins(config, promoted, target):
    promoted("1", target)

    class Slow:
        name = "slow"

        def serve(self, version):
            if version.number == "1":
                promoted("2", target)
            return f"slow answers with version {version.number}"

    done = deploy_champion(config, [Slow()])
    assert (done.number, done.served) == ("2", ("slow answers with version 2",))


def test_a_target_that_cannot_be_asked_leaves_the_promotion_unfinished(
    config, ledger, promoted, target
):
    promoted("1", target)
    entry = promoted("2")

    class Away:
        name = "away"

        def serve(self, version):
            raise UnreachedError("nobody answers; next: look")

    with pytest.raises(UnreachedError, match="nobody answers"):
        carry_out(ledger, entry, [Away()])
    assert ledger.read().unfinished == entry
    assert replace(deploy_champion(config, [target]), served=()).number == "2"
