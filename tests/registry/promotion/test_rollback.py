import pytest

from radimpress.registry.ledger.entry import draft
from radimpress.registry.promotion.rollback import rollback
from radimpress.registry.promotion.settle import carry_out
from radimpress.registry.versions import champion, find
from radimpress.runtime.digests import folder_sha256
from radimpress.runtime.errors import RadimpressError


@pytest.fixture
def back(config, versions, target):
    return lambda to=None, reason="": rollback(config, to, reason, [target])


@pytest.fixture
def promoted(ledger, versions, target):
    """Make versions champion, one after another, as `promote` does once the gates passed."""

    def promoted(*numbers):
        for number in numbers:
            head = ledger.read().head
            before = head.to_version if head else None
            entry = ledger.append(draft("promote", versions, before, number), head)
            carry_out(ledger, entry, [target])

    return promoted


def test_the_champion_before_is_back_everywhere_and_the_ledger_says_so(
    back, promoted, store, versions, ledger, target
):
    promoted("1", "2")
    done = back(reason="misses small effusions")
    assert (done.number, done.before) == ("1", "2")
    assert champion(store, versions).number == target.now == "1"
    assert done.served == ("window answers with version 1",)
    entry = ledger.entries()[-1]
    assert (entry.action, entry.from_version, entry.to_version) == ("rollback", "2", "1")
    assert entry.reason == "misses small effusions"
    assert ledger.read().unfinished is None
    tags = find(store, versions, "2").tags
    assert tags["radimpress.promotion"].startswith("rolled back to version 1 on ")
    assert tags["radimpress.promotion"].endswith(": misses small effusions")


def test_twice_goes_back_by_two_champions(back, promoted, store, versions):
    promoted("1", "2", "3")
    assert back().number == "2"
    assert back().number == "1"
    with pytest.raises(RadimpressError, match=r"1 is the first champion.*--to VERSION \(2, 3\)"):
        back()
    assert champion(store, versions).number == "1"


def test_a_named_champion_is_gone_back_to_and_forth(back, promoted, store, versions):
    promoted("1", "2", "3")
    assert back("1").number == "1"
    assert back("3").number == "3"
    assert champion(store, versions).number == "3"


def test_with_nothing_to_go_back_from_it_says_so(back, versions):
    with pytest.raises(RadimpressError, match="no champion to go back from; next: .*promote"):
        back()


def test_only_one_champion_so_far(back, promoted):
    promoted("1")
    with pytest.raises(RadimpressError, match="1 is the first champion.*next: promote another"):
        back()


def test_a_version_that_never_passed_the_gates_is_not_gone_back_to(back, promoted, ledger):
    promoted("1", "2")
    with pytest.raises(RadimpressError, match=r"3 was never champion \(champions: 1, 2\).*--candi"):
        back("3", "I like it")
    assert len(ledger.entries()) == 2


def test_the_present_champion_stays_without_an_entry(back, promoted, ledger):
    promoted("1", "2")
    done = back("2")
    assert (done.number, done.entry) == ("2", None)
    assert len(ledger.entries()) == 2


def test_a_deleted_champion_is_named(back, promoted, store, versions):
    promoted("1", "2")
    store.client.delete_model_version(versions, "1")
    with pytest.raises(RadimpressError, match="no version 1 in"):
        back()


def test_an_interrupted_promotion_is_overtaken_and_not_finished_first(
    back, promoted, ledger, versions, target
):
    promoted("1")
    ledger.append(draft("promote", versions, "1", "3"), ledger.read().head)
    assert back().number == "1"
    assert "3" not in target.asked
    assert ledger.read().unfinished is None


def test_an_interrupted_rollback_is_finished_by_asking_again(
    back, promoted, ledger, versions, store, target
):
    promoted("1", "2")
    ledger.append(draft("rollback", versions, "2", "1"), ledger.read().head)
    assert back().served == ("window answers with version 1",)
    assert champion(store, versions).number == target.now == "1"
    assert len(ledger.entries()) == 3


def test_an_alias_moved_by_hand_is_put_back_with_a_reason_and_never_recorded_as_promoted(
    back, promoted, store, versions, ledger, target
):
    promoted("1", "2")
    store.client.set_registered_model_alias(versions, "champion", "3")
    for arguments in ((), ("3",), ("2",)):
        with pytest.raises(RadimpressError, match="somebody moved it outside radimpress"):
            back(*arguments)
    with pytest.raises(RadimpressError, match="version 3 was never champion"):
        back("3", "tried by Ann")
    assert len(ledger.entries()) == 2
    assert back("2", "put back").number == "2"
    assert champion(store, versions).number == target.now == "2"


def test_a_damaged_ledger_is_accepted_with_a_reason_and_goes_on(
    back, promoted, store, ledger, versions
):
    promoted("1", "2", "3")
    store.client.delete_model_version(ledger.model, "2")
    with pytest.raises(RadimpressError, match="damaged: entry 2 is missing"):
        back()
    done = back("3", "Bob tidied up, see ticket 7")
    assert done.entry.accepted == ("entry 2 is missing (digest " + done.entry.accepted[0][-13:],)
    assert ledger.check() == []
    assert ledger.read().accepted == done.entry.accepted
    assert back("1").number == "1"


def test_a_lost_tail_is_accepted_with_a_reason(back, promoted, store, ledger, versions):
    promoted("1", "2")
    store.client.delete_model_version(ledger.model, "2")
    assert back("2", "lost in the restore of Monday").entry.sequence >= 3
    assert ledger.check() == []
    assert champion(store, versions).number == "2"


def test_a_target_that_refuses_to_go_back_is_said_and_tried_again(
    back, promoted, ledger, target, store, versions
):
    promoted("1", "2")
    target.refuses = {"1"}
    with pytest.raises(RadimpressError, match="version 1 is broken"):
        back()
    assert ledger.read().unfinished.to_version == "1"
    target.refuses = set()
    assert back().number == "1"
    assert target.now == "1"
    assert len(ledger.entries()) == 3


@pytest.mark.parametrize("damage", ["changed", "lost", "whole"])
def test_a_champion_whose_files_are_not_what_was_registered_is_not_gone_back_to(
    back, promoted, store, versions, monkeypatch, tmp_path, damage
):
    promoted("1", "2")
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / "model.safetensors").write_bytes(b"weights")
    store.client.set_model_version_tag(
        versions, "1", "radimpress.model_sha256", folder_sha256(folder)
    )
    monkeypatch.setattr(
        "radimpress.registry.promotion.rollback.model_folder", lambda store, uri: folder
    )
    if damage == "whole":
        assert back().number == "1"
        return
    (folder / "model.safetensors").write_bytes(b"weightz")
    if damage == "lost":
        (folder / "model.safetensors").unlink()
        folder.rmdir()
    with pytest.raises(RadimpressError, match="are not what was registered.*next: restore them"):
        back()
    assert champion(store, versions).number == "2"
