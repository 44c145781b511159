import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from transformers import PreTrainedTokenizerFast, T5ForConditionalGeneration

from radimpress.config.schema import (
    Adapter,
    Compute,
    Config,
    Device,
    Generation,
    Lora,
    Model,
    Omissions,
    Training,
)
from radimpress.corpus.report import Report, read_reports, write_reports
from radimpress.modeling.encoding import encode
from radimpress.modeling.folder import load_model, save_model
from radimpress.modeling.history import LogRecord
from radimpress.modeling.omissions import Trial
from radimpress.modeling.prompt import Prompt
from radimpress.modeling.recipe import Recipe, read_recipe
from radimpress.modeling.train_stage import Summary, train_model
from radimpress.runtime.errors import RadimpressError

MODEL = Model(name="t5_nano", max_source_tokens=64, max_target_tokens=32)
CONFIG = Config(
    model=MODEL,
    training=Training(max_steps=6, batch_size=4, learning_rate=1e-2, evaluations=2),
    compute=Compute(device=Device.cpu, threads=1),
)


@pytest.fixture
def place(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    reports: list[Report],
    make_t5: Callable[..., T5ForConditionalGeneration],
    tokenizer: PreTrainedTokenizerFast,
    recipe: Recipe,
) -> Path:
    """An invented repository with splits and a foundation of FLAN's layout."""
    monkeypatch.setenv("DVC_ROOT", str(tmp_path))
    write_reports(tmp_path / "splits/train.parquet", reports[:9])
    write_reports(tmp_path / "splits/validation.parquet", reports[9:])
    save_model(tmp_path / "foundation", make_t5(flan=True), tokenizer, recipe)
    return tmp_path


def run(
    place: Path,
    config: Config = CONFIG,
    out: str = "out",
    on_log: Callable[[LogRecord], None] = lambda _: None,
) -> Summary:
    return train_model(
        config, place / "foundation", place / "splits", place / out, place / f"{out}-curves", on_log
    )


def digests(folder: Path) -> dict[str, str]:
    return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in folder.iterdir()}


def test_the_stage_writes_a_model_folder_and_the_curves_and_leaves_no_checkpoint(
    place: Path,
) -> None:
    seen: list[LogRecord] = []
    summary = run(place, on_log=seen.append)
    assert json.loads((place / "out-curves/summary.json").read_text()) == summary
    assert summary["steps"] == 6
    assert summary["epochs"] == 2.0
    assert summary["parameters"] == summary["trainable_parameters"] > 10_000
    assert summary["best_validation_loss"] == min(r.validation_loss or 99 for r in seen)
    assert {"tokens_per_second", "peak_memory_bytes", "seconds", "precision", "device"} <= {
        *summary
    }
    rows = (place / "out-curves/history.csv").read_text().splitlines()
    assert rows[0] == "step,epoch,train_loss,validation_loss,learning_rate"
    assert len(rows) == 7
    assert read_recipe(place / "out").model == "t5_nano"
    assert read_recipe(place / "out").base == "nothing"
    assert not list((place / "checkpoints").iterdir())


@pytest.mark.parametrize(("choice", "stated"), [("state", True), ("leave", False)])
def test_omissions_are_stated_or_left_as_configured_without_a_trial(
    place: Path, choice: str, stated: bool
) -> None:
    generation = Generation(omissions=Omissions(choice))
    summary = run(place, replace(CONFIG, generation=generation))
    assert read_recipe(place / "out").states_omissions is stated
    assert "omissions" not in summary


@pytest.mark.parametrize("helps", [True, False])
def test_a_trial_on_the_validation_split_decides_whether_omissions_are_stated(
    place: Path, monkeypatch: pytest.MonkeyPatch, helps: bool
) -> None:
    asked: list[int] = []

    def trial(reports: list[Report], impressions: list[str]) -> Trial:
        asked.append(len(reports))
        assert len(impressions) == len(reports)
        return Trial(0.5, 0.6 if helps else 0.5)

    monkeypatch.setattr("radimpress.modeling.train_stage.trial", trial)
    summary = run(place)
    assert asked == [len(read_reports(place / "splits/validation.parquet"))]
    assert read_recipe(place / "out").states_omissions is helps
    assert summary["omissions"]["states_omissions"] is helps
    assert json.loads((place / "out-curves/summary.json").read_text()) == summary


def test_the_saved_model_has_the_best_validation_loss(place: Path) -> None:
    summary = run(place)
    loaded = load_model(place / "out", Device.cpu)
    validation = read_reports(place / "splits/validation.parquet")
    pairs = encode(loaded.tokenizer, Prompt.of(MODEL), validation, [[]] * len(validation))
    total = sum(
        loaded.model(
            input_ids=torch.tensor([pair.input_ids]), labels=torch.tensor([pair.labels])
        ).loss.item()
        * len(pair.labels)
        for pair in pairs
    )
    loss = total / sum(len(pair.labels) for pair in pairs)
    assert loss == pytest.approx(summary["best_validation_loss"], abs=1e-5)


def test_equal_runs_give_equal_bytes_without_a_trace_of_where_they_ran(place: Path) -> None:
    run(place)
    first = digests(place / "out")
    run(place)
    assert digests(place / "out") == first
    for path in (place / "out").iterdir():
        assert str(place).encode() not in path.read_bytes()


def test_an_adapter_is_merged_into_a_plain_model_folder(place: Path) -> None:
    lora = replace(MODEL, adapter=Adapter.lora, lora=Lora(rank=2, alpha=4, dropout=0.0))
    summary = run(place, replace(CONFIG, model=lora))
    assert summary["trainable_parameters"] == 3 * 2 * 2 * 2 * 16
    assert sorted(digests(place / "out")) == sorted(digests(place / "foundation"))
    before = load_model(place / "foundation", Device.cpu).model.state_dict()
    after = load_model(place / "out", Device.cpu).model.state_dict()
    assert before.keys() == after.keys()
    changed = {name for name in before if not torch.equal(before[name], after[name])}
    assert changed
    assert all(name.rpartition(".")[0].endswith((".q", ".v")) for name in changed)
    ours = (place / "out/config.json").read_text()
    assert ours == (place / "foundation/config.json").read_text()


def test_retrieval_shows_each_training_report_another_report_and_saves_the_training_set(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[tuple[list[str], list[str]]] = []

    def spy(tokenizer: object, prompt: Prompt, reports: list[Report], near: list[list[str]]):
        shown.append(([r.impression for r in reports], [row[0] for row in near]))
        return encode(tokenizer, prompt, reports, near)  # type: ignore[arg-type]

    monkeypatch.setattr("radimpress.modeling.train_stage.encode", spy)
    prompt = "{findings} similar: {neighbours}"
    run(place, replace(CONFIG, model=replace(MODEL, prompt=prompt, retrieval=1)))
    (train, near_train), (validation, near) = shown
    assert len(near_train) == 9
    assert {*near_train, *near} <= {*train}
    assert len(near) == len(validation) == 3
    stored = load_model(place / "out", Device.cpu).neighbours
    assert stored == read_reports(place / "splits/train.parquet")


def test_a_missing_split_ends_in_one_line(place: Path) -> None:
    (place / "splits/train.parquet").unlink()
    with pytest.raises(RadimpressError, match=r"train\.parquet is missing"):
        run(place)
