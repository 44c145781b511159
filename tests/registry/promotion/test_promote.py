"""The transaction, with gates that say what the test wants: tests of the gates are elsewhere."""

import json
from pathlib import Path

import pytest
from mlflow.exceptions import MlflowException

from radimpress.registry.gates.ruling import GateResult
from radimpress.registry.ledger.entry import draft
from radimpress.registry.promotion import promote as module
from radimpress.registry.promotion.decision import Decision, digest
from radimpress.registry.promotion.promote import Outcome, promote
from radimpress.registry.versions import champion, find
from radimpress.runtime.errors import RadimpressError


@pytest.fixture
def judged(monkeypatch):
    """Every pair that was judged; gates of versions in `failing` fail."""
    pairs = []

    def decide(config, store, candidate, champion, overrides):
        before = champion.number if champion else None
        pairs.append((candidate.number, before))
        fine = GateResult("lineage", True, "12 of 12", "every link", "", "", overridable=False)
        bad = candidate.number in decide.failing
        score = GateResult("score", not bad, "0.9", "> 0.8", "", "worse" if bad else "")
        return Decision(
            candidate.number, before, "test", "md5", 300, (fine, score), dict(overrides)
        )

    decide.failing, decide.pairs = set(), pairs
    monkeypatch.setattr(module, "decide", decide)
    return decide


@pytest.fixture
def run(config, versions, judged, target):
    def run(candidate="challenger", **options):
        return promote(config, candidate, [target], **options)

    return run


def aliases(store, name):
    return dict(store.client.get_registered_model(name).aliases)


def test_a_challenger_that_passes_is_champion_everywhere(run, store, versions, ledger, target):
    done = run()
    assert (done.outcome, done.number, done.before) == (Outcome.promoted, "3", None)
    assert {k: str(v) for k, v in aliases(store, versions).items()} == {"champion": "3"}
    assert target.now == "3"
    assert done.served == ("window answers with version 3",)
    (entry,) = ledger.entries()
    assert entry == done.entry
    assert entry.gates == ("lineage: pass", "score: pass")
    assert (entry.from_version, entry.to_version, entry.action) == (None, "3", "promote")
    assert entry.decision == digest(done.decision)
    assert ledger.read().unfinished is None
    assert "champion since" in champion(store, versions).tags["radimpress.promotion"]


def test_the_decision_is_kept_with_the_run_as_json_and_as_a_page(run, store, versions, tmp_path):
    done = run()
    version = champion(store, versions)
    start = f"promotion/{digest(done.decision)[:12]}"
    text = store.client.download_artifacts(version.run_id, f"{start}.json", str(tmp_path))
    assert json.loads(Path(text).read_text())["candidate"] == "3"
    page = store.client.download_artifacts(version.run_id, f"{start}.md", str(tmp_path))
    assert "# Version 3 against no champion: passed" in Path(page).read_text()
    assert version.tags["radimpress.promotion_decision"] == digest(done.decision)


def test_the_decision_is_shown_before_anything_moves(run, store, versions):
    seen = []
    run(show=lambda decision: seen.append((decision.candidate, champion(store, versions))))
    assert seen == [("3", None)]


def test_a_failed_gate_leaves_everything_as_it_was_and_says_so(
    run, judged, store, versions, ledger, target
):
    run("1")
    judged.failing = {"3"}
    done = run()
    assert (done.outcome, done.before) == (Outcome.refused, "1")
    assert {k: str(v) for k, v in aliases(store, versions).items()} == {
        "champion": "1",
        "challenger": "3",
    }
    assert target.now == "1"
    assert len(ledger.entries()) == 1
    tags = find(store, versions, "3").tags
    assert tags["radimpress.promotion"] == "refused: score"
    assert tags["radimpress.promotion_decision"] == digest(done.decision)


def test_an_override_is_recorded_where_people_look(run, judged, store, versions, ledger):
    judged.failing = {"3"}
    done = run(overrides={"score": "the test set changed", "lineage": "not needed"})
    assert done.outcome is Outcome.promoted
    (entry,) = ledger.entries()
    assert entry.overrides == {"score": "the test set changed"}
    assert "score: overridden" in entry.gates
    tags = champion(store, versions).tags
    assert tags["radimpress.promotion_overrides"] == "score: the test set changed"
    assert "OVERRIDDEN" in store.client.get_model_version(ledger.model, "1").description


@pytest.mark.parametrize("failing", [set(), {"3"}])
def test_a_dry_run_writes_nothing_anywhere(run, judged, store, versions, target, failing):
    judged.failing = failing
    before = repr(find(store, versions, "3")), repr(store.client.get_registered_model(versions))
    done = run(dry_run=True)
    assert done.outcome is (Outcome.refused if failing else Outcome.rehearsed)
    assert (
        repr(find(store, versions, "3")),
        repr(store.client.get_registered_model(versions)),
    ) == (before)
    assert target.asked == []
    assert not store.client.search_registered_models(f"name = '{versions}-ledger'")
    assert not store.client.list_artifacts(find(store, versions, "3").run_id)


def test_the_champion_is_not_judged_again(run, judged, ledger):
    run()
    assert run("3").outcome is Outcome.unchanged
    assert run("champion").outcome is Outcome.unchanged
    assert run().outcome is Outcome.unchanged  # no challenger came since
    assert judged.pairs == [("3", None)]
    assert len(ledger.entries()) == 1


def test_a_candidate_is_measured_against_the_champion(run, judged):
    run("1")
    run("2")
    assert judged.pairs == [("1", None), ("2", "1")]


def test_a_champion_that_was_there_before_the_ledger_is_taken_over(run, store, versions, ledger):
    store.client.set_registered_model_alias(versions, "champion", "1")
    assert run().before == "1"
    assert ledger.entries()[0].from_version == "1"


def test_what_does_not_exist_is_named(run, store, versions):
    with pytest.raises(RadimpressError, match=r"no version 9 in .*next: name one of its .*3, 2, 1"):
        run("9")
    store.client.delete_registered_model_alias(versions, "challenger")
    with pytest.raises(RadimpressError, match="no alias 'challenger'.*dvc repro"):
        run()
    store.client.create_registered_model(f"{versions} else")
    store.client.create_model_version(f"{versions} else", "/tmp/m", await_creation_for=0)
    with pytest.raises(RadimpressError, match="is no version of"):
        run(f"models:/{versions} else/1")


def test_a_target_that_refuses_has_the_promotion_rolled_back(run, store, versions, ledger, target):
    run("1")
    target.refuses = {"3"}
    with pytest.raises(RadimpressError, match=r"rolled back \(entry 3\), version 1 is champion .*"):
        run()
    _, promotion, back = ledger.entries()
    assert (promotion.to_version, back.to_version, back.action) == ("3", "1", "rollback")
    assert "window: version 3 is broken" in back.reason
    assert {k: str(v) for k, v in aliases(store, versions).items()} == {
        "champion": "1",
        "challenger": "3",
    }
    assert target.now == "1"
    assert ledger.read().unfinished is None
    assert "rolled back to version 1" in find(store, versions, "3").tags["radimpress.promotion"]
    target.refuses = set()
    assert run().outcome is Outcome.promoted


def test_a_first_champion_that_is_refused_leaves_none(run, store, versions, ledger, target):
    target.refuses = {"3"}
    with pytest.raises(RadimpressError, match="there is no champion"):
        run()
    assert champion(store, versions) is None
    assert [e.to_version for e in ledger.entries()] == ["3", None]
    assert run("1").before is None


def test_a_target_that_refuses_both_ways_is_left_unfinished_and_said(run, ledger, target):
    run("1")
    target.refuses = {"1", "3"}
    with pytest.raises(RadimpressError, match="version 1 is broken"):
        run()
    assert ledger.read().unfinished.to_version == "1"
    target.refuses = {"3"}
    with pytest.raises(RadimpressError, match="rolled back"):
        run()  # finishes going back, then tries again
    assert ledger.read().unfinished is None


def test_an_alias_that_was_moved_by_hand_stops_a_promotion(run, store, versions, ledger):
    run("1")
    store.client.set_registered_model_alias(versions, "champion", "2")
    with pytest.raises(
        RadimpressError, match=r"is version 2, and entry 1 .* rollback --to 1 .*--to 2"
    ):
        run()
    store.client.delete_registered_model_alias(versions, "champion")
    with pytest.raises(RadimpressError, match="champion is gone"):
        run()
    assert len(ledger.entries()) == 1


def test_an_alias_that_is_moved_while_the_gates_run_stops_it_too(run, store, versions, ledger):
    run("1")
    move = store.client.set_registered_model_alias
    with pytest.raises(RadimpressError, match="moved it outside radimpress"):
        run(show=lambda _: move(versions, "champion", "2"))
    assert len(ledger.entries()) == 1


def test_a_damaged_ledger_stops_a_promotion(run, store, ledger):
    run("1")
    store.client.set_model_version_tag(ledger.model, "1", "radimpress.entry", "{}")
    with pytest.raises(RadimpressError, match=r"damaged: entry 1 was changed.*radimpress history"):
        run()


def test_somebody_else_who_is_quicker_wins(run, ledger, config, target, judged, store, versions):
    def another(_):
        if not ledger.entries():
            promote(config, "2", [target])

    with pytest.raises(RadimpressError, match="promoted version 2 .*; next: look at `radimpress h"):
        run(show=another)
    assert champion(store, versions).number == "2"
    assert target.now == "2"


def test_a_promotion_that_is_overtaken_while_it_moves_follows_the_winner(
    run, ledger, config, store, versions, target
):
    class Slow:
        name = "slow"

        def serve(self, version):
            if len(ledger.entries()) == 1:  # somebody appends while we are busy
                head = ledger.read().head
                ledger.append(draft("promote", versions, "3", "2"), head)
            return "slow"

        def served(self):
            return None

    with pytest.raises(RadimpressError, match="version 3 was champion until"):
        promote(config, "3", [Slow(), target])
    assert champion(store, versions).number == "2"
    assert target.now == "2"
    assert ledger.read().unfinished is None


@pytest.mark.parametrize("call", ["set_registered_model_alias", "set_model_version_tag"])
def test_a_store_that_fails_midway_is_one_line_and_a_rerun_finishes(
    run, store, versions, ledger, target, monkeypatch, call
):
    from mlflow import MlflowClient

    def down(*arguments, **named):
        raise MlflowException("API request failed")

    with monkeypatch.context() as patch:
        patch.setattr(MlflowClient, call, down)
        with pytest.raises(RadimpressError, match="run the same command again"):
            run()
    done = run()
    assert done.outcome is Outcome.finished
    assert champion(store, versions).number == target.now == "3"
    assert len(ledger.entries()) == 1


def test_a_version_without_a_run_is_promoted_without_artifacts(run, store, versions):
    made = store.client.create_model_version(
        versions, f"models:/{versions}/1", await_creation_for=0
    )
    assert run(str(made.version)).outcome is Outcome.promoted


def test_a_dry_run_measures_against_a_champion_that_is_not_settled_yet(
    run, ledger, versions, judged, store
):
    ledger.append(draft("promote", versions, None, "1"), None)
    assert run(dry_run=True).before == "1"
    assert champion(store, versions) is None
