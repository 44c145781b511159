from dataclasses import replace

from radimpress.registry.ledger.entry import draft, seal
from radimpress.registry.promotion.marks import log_decision, mark_champion, mark_refused
from radimpress.registry.versions import find


def entry(action, name, before, to, **extra):
    time = "2026-01-02T03:04:05.000006+00:00"
    return seal(replace(draft(action, name, before, to), time=time, who="Ann", **extra), 4, "")


def test_both_versions_of_a_promotion_say_what_happened(store, versions):
    mark_champion(store, entry("promote", versions, "1", "2", decision="d", overrides={"a": "b"}))
    tags = find(store, versions, "2").tags
    assert tags["radimpress.promotion"] == "champion since 2026-01-02 03:04 UTC (entry 4, Ann)"
    assert tags["radimpress.promotion_decision"] == "d"
    assert tags["radimpress.promotion_overrides"] == "a: b"
    assert find(store, versions, "1").tags["radimpress.promotion"] == (
        "replaced by version 2 on 2026-01-02 03:04 UTC (entry 4, Ann)"
    )


def test_a_rollback_says_why_and_keeps_the_decision_of_then(store, versions):
    mark_champion(store, entry("promote", versions, None, "1", decision="d"))
    mark_champion(store, entry("rollback", versions, "2", "1", reason="worse at night"))
    assert find(store, versions, "1").tags["radimpress.promotion_decision"] == "d"
    assert find(store, versions, "2").tags["radimpress.promotion"].endswith(": worse at night")
    mark_champion(store, entry("rollback", versions, "1", None))
    assert "to no champion on" in find(store, versions, "1").tags["radimpress.promotion"]


def test_a_version_that_is_gone_needs_no_mark(store, versions):
    mark_champion(store, entry("promote", versions, "88", "2"))
    assert "champion" in find(store, versions, "2").tags["radimpress.promotion"]


def test_a_refused_candidate_names_the_gates(store, versions):
    mark_refused(store, find(store, versions, "3"), ("score", "side_flip"), "d")
    assert find(store, versions, "3").tags["radimpress.promotion"] == "refused: score, side_flip"


def test_a_version_without_a_run_keeps_no_artifact(store, versions):
    lone = replace(find(store, versions, "3"), run_id="")
    log_decision(store, lone, "0123456789abcdef", "{}", "# page")
    log_decision(store, find(store, versions, "3"), "0123456789abcdef", "{}", "# page")
    run = find(store, versions, "3").run_id
    names = [a.path for a in store.client.list_artifacts(run, "promotion")]
    assert names == ["promotion/0123456789ab.json", "promotion/0123456789ab.md"]
