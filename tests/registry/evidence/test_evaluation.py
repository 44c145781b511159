from dataclasses import replace

import pytest

from radimpress.config.promotion import BaselineGate, LatencyGate
from radimpress.corpus.report import read_predictions, read_reports, write_reports
from radimpress.registry.evidence.evaluation import Evaluation, Model, verified
from radimpress.runtime.digests import folder_sha256
from radimpress.runtime.errors import RadimpressError


@pytest.fixture
def small(config):
    """Few resamples, reports and timings, and the constant baseline alone."""
    promotion = replace(
        config.promotion,
        samples=1000,
        min_reports=10,
        baselines=BaselineGate("rougeL", ["constant"]),
        latency=LatencyGate(1.5, 5),
    )
    return replace(
        config, promotion=promotion, evaluation=replace(config.evaluation, bootstrap_samples=100)
    )


def model(clinic, name, content="a"):
    return Model(name, clinic.finetuned, content)


def test_all_systems_are_asked_the_same_reports(small, clinic, writers):
    writers.known["old"] = lambda findings, told: "No acute disease."
    found = Evaluation(small, clinic).evidence(model(clinic, "new"), model(clinic, "old", "b"))
    assert found.reports == 30
    assert found.champion.study_ids == found.candidate.study_ids
    assert found.candidate.slices["all"]["rougeL"].value == 1
    assert found.champion.slices["all"]["rougeL"].value < 0.5
    assert set(found.baselines) == {"constant"}
    assert found.latency.reports == 5
    assert found.latency.ratio is not None
    assert {outcome.family for outcome in found.golden} >= {"negation", "side", "normal"}


def test_without_a_champion_there_is_only_the_candidate(small, clinic, writers):
    found = Evaluation(small, clinic).evidence(model(clinic, "new"), None)
    assert found.champion is None
    assert writers.loaded == ["new"]


def test_predictions_are_kept_and_not_generated_again(small, clinic, writers):
    for _ in range(2):
        Evaluation(small, clinic).evidence(model(clinic, "new"), None)
    assert writers.generated == ["new"]
    kept = list((clinic.root / "data" / "promotion").glob("*.parquet"))
    assert len(kept) == 2  # the model and the constant
    assert all(len(read_predictions(path)) == 30 for path in kept)


@pytest.mark.parametrize("change", ["model", "split", "batch"])
def test_predictions_of_anything_else_are_generated_anew(small, clinic, writers, change):
    Evaluation(small, clinic).evidence(model(clinic, "new"), None)
    content = "b" if change == "model" else "a"
    if change == "split":
        path = clinic.splits / "test.parquet"
        write_reports(path, read_reports(path)[:20])
    if change == "batch":
        small = replace(small, generation=replace(small.generation, batch_size=7))
    Evaluation(small, clinic).evidence(model(clinic, "new", content), None)
    assert writers.generated == ["new", "new"]


def test_an_empty_test_split_is_refused(small, clinic, writers):
    write_reports(clinic.splits / "test.parquet", [])
    with pytest.raises(RadimpressError, match="holds no report"):
        Evaluation(small, clinic)


def test_a_champion_whose_files_changed_is_refused_by_name(clinic):
    whole = Model("version 3", clinic.finetuned, folder_sha256(clinic.finetuned))
    assert verified(whole) is whole
    (clinic.finetuned / "model.safetensors").write_bytes(b"rotten")
    with pytest.raises(RadimpressError, match="the files of version 3 .* not those"):
        verified(whole)
    with pytest.raises(RadimpressError, match="version 3"):
        verified(replace(whole, folder=clinic.root / "nowhere"))
