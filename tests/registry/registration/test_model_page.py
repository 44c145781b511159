from pathlib import Path

import pytest

from radimpress.metrics.score import ScoredPair, Settings, score
from radimpress.metrics.significance import Resampling
from radimpress.registry.registration.model_page import describe
from radimpress.report.score_table import write_scores
from radimpress.tracking.runs import RunRecord, ensure_run

REFERENCE = "Small left pleural effusion."


@pytest.fixture
def name(config, store):
    name = config.tracking.registered_model
    store.client.create_registered_model(name)
    return name


@pytest.fixture
def register(store, experiment, name, tmp_path):
    """Register a model that is right on `right` of 20 reports; returns its run."""

    def register(key, right, split="aa"):
        pairs = [
            ScoredPair(str(n), "Small left effusion.", REFERENCE, REFERENCE if n < right else "No.")
            for n in range(20)
        ]
        path = tmp_path / key / "test.parquet"
        write_scores(path, score(pairs, Settings(Resampling(samples=50))))
        metrics = {
            "test/rougeL": right / 20,
            "test_interval/rougeL_low": right / 20 - 0.1,
            "test_interval/rougeL_high": right / 20 + 0.1,
            "test/hallucination_rate": 0.05,
        }
        record = RunRecord(
            "finetuned", f"finetuned {key}", key, {"corpus": "synthetic"}, metrics, {}, "",
            artifacts=((path, "scores"),),
        )  # fmt: skip
        run = ensure_run(store, experiment, record)
        tags = {"radimpress.git_commit": "c0ffee" * 7, "radimpress.split.test_md5": split}
        store.client.create_model_version(
            name, f"runs:/{run}/model", run, tags=tags, await_creation_for=0
        )
        return run

    return register


@pytest.fixture
def described(store, name):
    def described(**aliases):
        for alias, number in aliases.items():
            store.client.set_registered_model_alias(name, alias, number)
        describe(store, name)
        return store.client.get_registered_model(name).description.replace("&emsp;", "")

    return described


def test_before_the_first_promotion_nothing_is_deployed(register, described):
    run = register("a", 18)
    text = described(challenger="1")
    assert "**No champion yet**" in text
    assert "**Challenger: version 1**, run [finetuned a](#/experiments/" in text
    assert f"/runs/{run})" in text
    assert "commit `c0ffeec0ffee`, corpus synthetic" in text
    assert "| ROUGE-L ↑ | 0.900 [0.800, 1.000] |" in text
    assert "| Hallucination ↓ | 5.0% |" in text
    assert "challenger − champion" not in text


def test_a_challenger_is_measured_against_the_champion_on_their_common_reports(register, described):
    register("a", 6)
    register("b", 18)
    text = described(champion="1", challenger="2")
    assert "| metric | champion 1 | challenger 2 | challenger − champion | p | won" in text
    row = next(line for line in text.splitlines() if line.startswith("| ROUGE-L"))
    assert "+0.600 [+0." in row
    assert row.endswith("p < 0.001 | 12 / 8 / 0 |")
    assert "**The challenger is better in ROUGE-L, Clinical F1** (p < 0.05)." in text
    assert "20 reports that both have; data: `data/splits/test.parquet`, md5 `aa`" in text


def test_one_version_with_both_aliases_is_shown_once(register, described):
    register("a", 18)
    text = described(champion="1", challenger="1")
    assert "**Champion: version 1**" in text
    assert "**Challenger: version 1**" in text
    assert "| metric | champion 1 |\n" in text


def test_two_versions_of_the_data_are_both_named(register, described):
    register("a", 6, split="aa")
    register("b", 18, split="bb")
    assert "md5 `aa` and `bb`" in described(champion="1", challenger="2")


def test_the_runs_table_shows_which_run_is_deployed(register, described, store, name):
    first, second = register("a", 6), register("b", 18)

    def tags():
        return [store.client.get_run(run).data.tags.get("alias") for run in (first, second)]

    described(champion="1", challenger="1")
    assert tags() == [f"champion, challenger ({name})", None]
    described(challenger="2")
    assert tags() == [f"champion ({name})", f"challenger ({name})"]
    described(champion="2")
    assert tags() == [None, f"champion, challenger ({name})"]


def test_a_run_without_scores_leaves_the_comparison_out(register, described, store):
    run = register("a", 6)
    register("b", 18)
    artifacts = Path(store.client.get_run(run).info.artifact_uri)
    (artifacts / "scores" / "test.parquet").unlink()
    text = described(champion="1", challenger="2")
    assert "challenger − champion" not in text
    assert "| ROUGE-L ↑ | 0.300 [0.200, 0.400] | 0.900 [0.800, 1.000] |" in text
