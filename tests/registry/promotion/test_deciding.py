import subprocess
from dataclasses import replace

import pytest

from radimpress.config.promotion import BaselineGate, LatencyGate, PairedGate, SliceGate
from radimpress.corpus.report import read_reports, write_reports
from radimpress.registry.promotion.decision import as_json, as_markdown, decide, digest
from radimpress.registry.versions import Version
from radimpress.runtime.digests import file_md5, folder_sha256
from radimpress.runtime.errors import RadimpressError
from radimpress.tracking.dvc_lock import lock_md5


@pytest.fixture
def small(config):
    """The default gates, with few resamples, reports and timings and a generous latency."""
    promotion = replace(
        config.promotion,
        samples=1000,
        min_reports=10,
        baselines=BaselineGate("rougeL", ["constant"]),
        golden=replace(config.promotion.golden, negation=0, side=0, finding=0, normal=0, absurd=0),
        latency=LatencyGate(1000, 5),
        slices=SliceGate("rougeL", 0.05, 5),
    )
    return replace(
        config, promotion=promotion, evaluation=replace(config.evaluation, bootstrap_samples=100)
    )


@pytest.fixture
def tagged(clinic, monkeypatch):
    """Versions as `register` tags them in this work tree, each with a model folder of its own."""
    kept = clinic.root / "models"
    monkeypatch.setattr(
        "radimpress.registry.promotion.deciding.fetched_model",
        lambda store, uri, cloud: kept / uri.split("/")[-1],
    )
    commit = subprocess.check_output(
        ["git", "rev-parse", "HEAD"], cwd=clinic.root, text=True
    ).strip()
    known = {
        "key": "k",
        "content": "c",
        "git_commit": commit,
        "git_dirty": "false",
        "dvc_lock_md5": lock_md5((clinic.root / "dvc.lock").read_text()),
        "config_fingerprint": "f",
        "foundation_sha256": "f",
    } | {
        f"split.{name}_md5": file_md5(clinic.splits / f"{name}.parquet")
        for name in ("train", "validation", "test")
    }

    def make(number, **changed):
        folder = kept / number
        folder.mkdir(exist_ok=True)
        (folder / "model.safetensors").write_text(f"weights {number}")
        known["model_sha256"] = folder_sha256(folder)
        tags = {f"radimpress.{k}": v for k, v in (known | changed).items() if v}
        return Version("radimpress", number, "", "", (), tags)

    return make


def failed(decision):
    return [gate.name for gate in decision.gates if decision.verdict(gate) == "fail"]


def test_a_good_first_candidate_passes(small, store, tagged, writers, clinic):
    decision = decide(small, store, tagged("1"), None, {})
    assert failed(decision) == []
    assert decision.passed
    assert (decision.candidate, decision.champion, decision.reports) == ("1", None, 30)
    assert decision.split_md5 == file_md5(clinic.splits / "test.parquet")


def test_a_worse_candidate_is_refused_with_the_reasons(small, store, tagged, writers):
    writers.known["version 2"] = lambda findings, told: told.replace("Left", "Right")
    decision = decide(small, store, tagged("2"), tagged("1"), {})
    assert failed(decision) == ["score", "side_flip", "slices"]
    reasons = {gate.name: gate.reason for gate in decision.gates}
    assert reasons["side_flip"].startswith("above the ceiling of 9.0%")
    assert reasons["slices"].startswith("worse in abnormal -0.1")


def test_a_better_candidate_replaces_a_worse_champion(small, store, tagged, writers):
    writers.known["version 1"] = lambda findings, told: "No acute disease."
    decision = decide(small, store, tagged("2"), tagged("1"), {})
    assert decision.passed
    assert all(gate.judged for gate in decision.gates)


def test_what_is_decided_twice_has_one_digest(small, store, tagged, writers):
    first = decide(small, store, tagged("2"), tagged("1"), {})
    assert digest(first) == digest(decide(small, store, tagged("2"), tagged("1"), {}))


def test_a_model_whose_bytes_changed_is_not_even_asked(small, store, tagged, writers, clinic):
    candidate = tagged("1")
    (clinic.root / "models" / "1" / "model.safetensors").write_bytes(b"rotten")
    decision = decide(small, store, candidate, None, {})
    assert failed(decision) == ["lineage"]
    assert not decision.passed
    assert writers.loaded == []
    assert {g.name for g in decision.gates if g.judged} == {"lineage", "leakage"}


def test_another_test_split_than_the_registered_one_is_not_judged_by(
    small, store, tagged, writers, clinic
):
    candidate = tagged("1")
    path = clinic.splits / "test.parquet"
    write_reports(path, read_reports(path)[:20])
    decision = decide(small, store, candidate, None, {})
    assert failed(decision) == ["lineage"]
    assert "test data" in decision.gates[0].reason
    assert writers.loaded == []


def test_training_data_that_changed_fail_lineage(small, store, tagged, writers, clinic):
    candidate = tagged("1")
    path = clinic.splits / "train.parquet"
    write_reports(path, read_reports(path)[:20])
    assert failed(decide(small, store, candidate, None, {})) == ["lineage"]


def test_a_leak_is_refused_and_cannot_be_overridden(small, store, tagged, writers, clinic):
    train = read_reports(clinic.splits / "train.parquet")
    test = read_reports(clinic.splits / "test.parquet")
    write_reports(clinic.splits / "train.parquet", [*train, replace(test[0], study_id="999")])
    md5 = file_md5(clinic.splits / "train.parquet")
    candidate = tagged("1", **{"split.train_md5": md5})
    decision = decide(small, store, candidate, None, {})
    assert failed(decision) == ["leakage"]
    assert "1 patients on two sides, 1 training pairs" in decision.gates[1].value
    with pytest.raises(RadimpressError, match="the gate 'leakage' is never overridden"):
        decide(small, store, candidate, None, {"leakage": "we are in a hurry"})


def test_a_model_that_generates_nothing_is_refused_and_does_not_crash(
    small, store, tagged, writers
):
    writers.known["version 1"] = lambda findings, told: ""
    decision = decide(small, store, tagged("1"), None, {})
    assert failed(decision) == ["answers", "baselines"]
    assert "the model generates nothing" in as_markdown(decision)


def test_an_override_is_loud_and_lets_the_candidate_pass(small, store, tagged, writers):
    writers.known["version 1"] = lambda findings, told: "Rib fracture." if told else ""
    plain = decide(small, store, tagged("1"), None, {})
    assert failed(plain) == ["hallucination", "baselines"]
    reasons = dict.fromkeys(failed(plain), "a trial on the ward")
    decision = decide(small, store, tagged("1"), None, reasons)
    assert decision.passed
    assert as_json(decision)["overrides"] == reasons
    assert "**OVERRIDDEN: hallucination**, because: a trial on the ward" in as_markdown(decision)


def test_no_text_of_a_report_or_a_model_stands_in_the_record(small, store, tagged, writers):
    writers.known["version 1"] = lambda findings, told: "canary " + told
    text = as_markdown(decide(small, store, tagged("1"), None, {}))
    assert "canary" not in text
    assert "lungs are clear" not in text


@pytest.mark.parametrize(
    ("field", "gate", "message"),
    [
        ("score", PairedGate("rougel"), "promotion.score.metric is 'rougel'"),
        ("score", PairedGate("omission_rate"), "higher is better"),
        ("slices", SliceGate("clinical_f1_macro"), "not measured in every slice"),
    ],
)
def test_a_metric_that_cannot_be_judged_by_is_refused_at_once(
    small, store, tagged, writers, field, gate, message
):
    other = replace(small, promotion=replace(small.promotion, **{field: gate}))
    with pytest.raises(RadimpressError, match=message):
        decide(other, store, tagged("1"), None, {})
    assert writers.loaded == []
