"""What a user gets from one `dvc repro`: files, metrics, plots, runs, a model that loads."""

import json
import os

import pytest

SYSTEMS = ["constant", "lead", "retrieval", "foundation", "finetuned"]
LOAD = """
import mlflow, pandas
mlflow.set_tracking_uri("sqlite:///{root}/mlruns/mlflow.db")
model = mlflow.pyfunc.load_model("models:/radimpress@challenger")
findings = ["The lungs are clear.", "No effusion."]
print(len(model.predict(pandas.DataFrame({{"findings": findings}}))))
"""


def test_what_looks_at_the_pipeline_stays_in_one_worker(request, smoke):
    if "PYTEST_XDIST_WORKER" not in os.environ:
        pytest.skip("one process runs everything")
    assert request.node.nodeid.endswith("@smoke")


def test_every_artifact_is_where_the_architecture_says(smoke):
    for name in (
        "data/clean/reports.parquet",
        "data/clean/summary.json",
        "data/splits/train.parquet",
        "data/splits/validation.parquet",
        "data/splits/test.parquet",
        "models/foundation/model.safetensors",
        "models/finetuned/radimpress.json",
        "reports/training/history.csv",
        "reports/metrics.json",
        "reports/report.html",
        "models/registered.json",
        *(f"reports/predictions/{system}/test.parquet" for system in SYSTEMS),
    ):
        assert (smoke.root / name).is_file(), name


def test_no_checkpoint_is_left_behind(smoke):
    left = [p for p in (smoke.root / "checkpoints").rglob("*") if p.is_file()]
    assert [p.name for p in left if p.suffix != ".lock"] == []


def test_metrics_have_the_stable_layout(smoke):
    systems = json.loads(smoke.read("reports/metrics.json"))["systems"]
    assert list(systems) == SYSTEMS
    for splits in systems.values():
        result = splits["test"]["all"]["rougeL"]
        assert set(result) == {"value", "low", "high", "n"}
        assert 0 <= result["low"] <= result["value"] <= result["high"] <= 1
    names = systems["finetuned"]["test"]["all"]
    assert {
        "rouge1", "rouge2", "rougeL", "rougeLsum", "rougeL_stem", "clinical_f1_micro",
        "hallucination_rate", "omission_rate", "contradiction_rate", "side_flip_rate",
    } <= set(names)  # fmt: skip


def test_a_second_repro_runs_nothing(smoke):
    assert "Data and pipelines are up to date" in smoke.run("dvc", "repro").stdout


def test_dvc_shows_metrics_and_plots(smoke):
    shown = json.loads(smoke.run("dvc", "metrics", "show", "--json").stdout)
    data = shown[""]["data"]["reports/metrics.json"]["data"]
    assert data["systems"]["finetuned"]["test"]["all"]["rougeL"]["n"] > 0
    smoke.run("dvc", "metrics", "diff")
    smoke.run("dvc", "plots", "show", "-o", str(smoke.root.parent / "plots"))
    html = (smoke.root.parent / "plots" / "index.html").read_text()
    assert "reports/training/history.csv" in html or "validation_loss" in html


def test_the_registered_model_predicts_in_a_clean_process(smoke):
    done = smoke.run("python", "-c", LOAD.format(root=smoke.root))
    assert done.stdout.strip().splitlines()[-1] == "2"


def test_the_command_line_works_on_what_was_made(smoke):
    found = smoke.run("radimpress", "doctor")
    assert "fail" not in found.stdout
    assert "agree with dvc.lock" in smoke.run("radimpress", "verify").stdout
    table = smoke.run("radimpress", "compare").stdout
    assert all(system in table for system in SYSTEMS)
    text = "Small left pleural effusion. No pneumothorax."
    by_alias = smoke.run("radimpress", "summarize", text).stdout
    by_folder = smoke.run("radimpress", "summarize", text, "--model", "models/finetuned").stdout
    assert by_alias == by_folder
    smoke.run("python", "pipelines/show.py")


def test_compare_names_what_it_knows_when_it_does_not_know_a_run(smoke):
    done = smoke.run("radimpress", "compare", "nobody", check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("error: there is no finished run 'nobody'; next: name one of:")


def test_no_stage_prints_a_stack_trace_or_a_warning_of_a_library(smoke):
    log = (smoke.root.parent / "first.log").read_text()
    assert "Traceback" not in log
    assert [line for line in log.splitlines() if "Warning" in line] == []


@pytest.mark.parametrize("system", ["foundation", "finetuned"])
def test_curves_and_lineage_are_in_mlflow(smoke, system):
    import mlflow

    client = mlflow.MlflowClient(f"sqlite:///{smoke.root}/mlruns/mlflow.db")
    receipt = json.loads(smoke.read("models/registered.json"))
    run = client.get_run(receipt["runs"][system])
    head = smoke.run("git", "rev-parse", "HEAD").stdout.strip()
    assert run.data.tags["radimpress.git_commit"] == head
    assert run.data.tags["radimpress.split.test_md5"]
    assert "test/rougeL" in run.data.metrics
    assert ("val/loss" in run.data.metrics) is (system == "finetuned")
    assert run.inputs.dataset_inputs
