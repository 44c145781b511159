import pytest
from mlflow.exceptions import MlflowException

from radimpress.registry.ledger.entry import draft
from radimpress.registry.promotion.settle import carry_out, settle
from radimpress.registry.versions import CHAMPION, champion, find
from radimpress.runtime.errors import RadimpressError, next_step


@pytest.fixture
def write(ledger, versions):
    def write(action, before, to):
        return ledger.append(draft(action, versions, before, to), ledger.read().head)

    return write


def test_nothing_to_do_is_done_at_once(ledger, target, write):
    assert settle(ledger, [target]) is None
    entry = write("promote", None, "1")
    assert settle(ledger, [target]).head == entry
    assert settle(ledger, [target]) is None
    assert target.asked == ["1"]


def test_carrying_out_twice_is_carrying_out_once(ledger, target, write, store, versions):
    entry = write("promote", None, "3")
    first, second = (carry_out(ledger, entry, [target]) for _ in range(2))
    assert first == second
    assert champion(store, versions).number == "3"
    assert find(store, versions, "challenger") is None


def test_a_challenger_that_came_meanwhile_stays(ledger, target, write, store, versions):
    carry_out(ledger, write("promote", None, "1"), [target])
    assert find(store, versions, "challenger").number == "3"


def test_the_alias_of_a_rolled_back_challenger_stays(ledger, target, write, store, versions):
    carry_out(ledger, write("promote", None, "3"), [target])
    store.client.set_registered_model_alias(versions, "challenger", "3")
    carry_out(ledger, write("promote", "3", "2"), [target])
    carry_out(ledger, write("rollback", "2", "3"), [target])
    assert find(store, versions, "challenger").number == "3"


def test_an_alias_written_late_is_put_right_by_who_wrote_it(
    ledger, target, write, store, versions, monkeypatch
):
    """Two settle at once; the one with the older entry moves the alias last."""
    from mlflow import MlflowClient

    older = write("promote", None, "1")
    move = MlflowClient.set_registered_model_alias

    def late(self, name, alias, version):
        if alias == CHAMPION and version == "1":
            monkeypatch.setattr(MlflowClient, "set_registered_model_alias", move)
            carry_out(ledger, write("promote", "1", "2"), [target])
        move(self, name, alias, version)

    monkeypatch.setattr(MlflowClient, "set_registered_model_alias", late)
    done = carry_out(ledger, older, [target])
    assert done.head.to_version == "2"
    assert champion(store, versions).number == target.now == "2"


def test_the_ledger_keeps_why_a_target_refused_and_not_what_to_do_about_it(ledger, write):
    class Refusing:
        name = "refusing"

        def serve(self, version):
            raise next_step(f"version {version.number} is broken", "mend it")

        def served(self):
            return None

    done = carry_out(ledger, write("promote", None, "1"), [Refusing()])
    assert done.refusal == "version 1 is broken"
    assert done.head.reason == "by itself: version 1 is broken"


def test_a_refusal_and_somebody_elses_promotion_at_once_end_with_theirs(
    ledger, target, write, store, versions
):
    class Both:
        name = "both"

        def serve(self, version):
            if version.number == "1":
                write("promote", "1", "2")
                target.refuses = {"1"}
            return target.serve(version)

        def served(self):
            return None

    done = carry_out(ledger, write("promote", None, "1"), [Both()])
    assert [e.to_version for e in ledger.entries()] == ["1", "2"]
    assert done.head.to_version == champion(store, versions).number == "2"


def test_a_version_that_was_deleted_before_it_was_carried_out_is_named(
    ledger, target, write, store, versions
):
    write("promote", None, "2")
    store.client.delete_model_version(versions, "2")
    with pytest.raises(RadimpressError, match="version 2 .* was deleted; next: .*rollback --to"):
        settle(ledger, [target])


def test_a_deleted_predecessor_is_no_hindrance(ledger, target, write, store, versions):
    carry_out(ledger, write("promote", None, "1"), [target])
    entry = write("promote", "1", "2")
    store.client.delete_model_version(versions, "1")
    assert carry_out(ledger, entry, [target]).head == entry


def test_every_target_is_asked(ledger, target, write):
    class Other:
        name = "other"

        def serve(self, version):
            return f"other has {version.number}"

        def served(self):
            return None

    entry = write("promote", None, "1")
    assert carry_out(ledger, entry, [target, Other()]).served == (
        "window answers with version 1",
        "other has 1",
    )


def test_the_page_of_the_model_says_what_is_deployed(ledger, target, write, store, versions):
    carry_out(ledger, write("promote", None, "1"), [target])
    page = store.client.get_registered_model(versions).description
    assert "**Champion: version 1**" in page
    assert "champion since" in page


def test_a_page_that_cannot_be_written_holds_nothing_up(
    ledger, target, write, store, versions, monkeypatch
):
    def broken(*_):
        raise MlflowException("no such run")

    monkeypatch.setattr("radimpress.registry.registration.model_page.describe", broken)
    carry_out(ledger, write("promote", None, "1"), [target])
    assert ledger.read().unfinished is None
