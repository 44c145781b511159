import hashlib
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import ClassVar

import pytest
from transformers import PreTrainedTokenizerFast, T5ForConditionalGeneration

from radimpress.config.schema import Compute, Config, Device, Generation, Model
from radimpress.config.serving import Engine
from radimpress.corpus.report import Prediction, Report, read_predictions, write_reports
from radimpress.modeling.folder import save_model
from radimpress.modeling.generate_stage import generate_predictions
from radimpress.modeling.recipe import Decoding, Recipe
from radimpress.modeling.torch_decoder import TorchDecoder
from radimpress.runtime.errors import RadimpressError

Make = Callable[..., T5ForConditionalGeneration]
SYSTEMS = ["constant", "lead", "retrieval", "foundation", "finetuned"]


@pytest.fixture(autouse=True)
def _checkpoints_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DVC_ROOT", str(tmp_path))


@pytest.fixture
def config() -> Config:
    return Config(
        model=Model(name="t5_nano"),
        generation=Generation(max_new_tokens=6, batch_size=2, systems=list(SYSTEMS)),
        compute=Compute(device=Device.cpu, threads=1),
    )


@pytest.fixture
def models(
    tmp_path: Path, make_t5: Make, tokenizer: PreTrainedTokenizerFast, recipe: Recipe
) -> Path:
    for seed, name in enumerate(("foundation", "finetuned")):
        save_model(tmp_path / "models" / name, make_t5(flan=True, seed=seed), tokenizer, recipe)
    return tmp_path / "models"


@pytest.fixture
def splits(tmp_path: Path, reports: list[Report]) -> Path:
    folder = tmp_path / "splits"
    write_reports(folder / "train.parquet", reports[:5])
    write_reports(folder / "validation.parquet", reports[5:6])
    write_reports(folder / "test.parquet", reports[6:11])
    write_reports(folder / "test_outside.parquet", reports[11:])
    return folder


def digests(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_every_system_answers_every_test_split_in_its_order(
    tmp_path: Path, config: Config, models: Path, splits: Path
) -> None:
    out = tmp_path / "predictions"
    counts = generate_predictions(config, models, splits, out)
    for system in SYSTEMS:
        ids = {
            split: [p.study_id for p in read_predictions(out / system / f"{split}.parquet")]
            for split in ("test", "test_outside")
        }
        assert ids == {"test": ["s06", "s07", "s08", "s09", "s10"], "test_outside": ["s11"]}
        assert {split: count.n for split, count in counts[system].items()} == {
            "test": 5,
            "test_outside": 1,
        }
    assert sorted(path.name for path in out.iterdir()) == sorted(SYSTEMS)


def test_the_summary_counts_and_holds_no_time(
    tmp_path: Path, config: Config, models: Path, splits: Path
) -> None:
    out = tmp_path / "predictions"
    counts = generate_predictions(config, models, splits, out)
    for system in SYSTEMS:
        summary = json.loads((out / system / "summary.json").read_text())
        rows = read_predictions(out / system / "test.parquet")
        assert summary["test"] == {
            "n": 5,
            "truncated": sum(row.truncated for row in rows),
            "clipped": 0,
        }
        assert counts[system]["test"].seconds > 0


def test_equal_runs_give_equal_bytes(
    tmp_path: Path, config: Config, models: Path, splits: Path
) -> None:
    generate_predictions(config, models, splits, tmp_path / "a")
    generate_predictions(config, models, splits, tmp_path / "b")
    assert digests(tmp_path / "a") == digests(tmp_path / "b")


def test_an_interrupted_run_goes_on_after_its_last_batch_with_the_same_bytes(
    tmp_path: Path,
    config: Config,
    models: Path,
    splits: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    config.generation.engine = Engine.transformers
    generate_predictions(config, models, splits, tmp_path / "whole")
    decode = TorchDecoder.decode
    calls: list[int] = []

    def interrupted(self: TorchDecoder, sources: list, decoding: Decoding) -> list:
        if len(calls) == 5:
            raise KeyboardInterrupt
        calls.append(len(sources))
        return decode(self, sources, decoding)

    monkeypatch.setattr(TorchDecoder, "decode", interrupted)
    with pytest.raises(KeyboardInterrupt):
        generate_predictions(config, models, splits, tmp_path / "out")
    assert not (tmp_path / "out").exists()
    calls.clear()
    generate_predictions(config, models, splits, tmp_path / "out")
    assert len(calls) == 3, "eight batches in all, of which five were kept"
    assert digests(tmp_path / "out") == digests(tmp_path / "whole")
    assert list((tmp_path / "checkpoints").iterdir()) == []


def test_kept_batches_of_another_model_are_not_taken(
    tmp_path: Path,
    config: Config,
    models: Path,
    splits: Path,
    make_t5: Make,
    tokenizer: PreTrainedTokenizerFast,
    recipe: Recipe,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    config.generation.systems = ["finetuned"]
    monkeypatch.setattr("radimpress.modeling.shards.Shards.discard", lambda _: None)
    generate_predictions(config, models, splits, tmp_path / "first")
    save_model(models / "finetuned", make_t5(flan=True, seed=9), tokenizer, recipe)
    generate_predictions(config, models, splits, tmp_path / "second")
    assert digests(tmp_path / "first") != digests(tmp_path / "second")


def test_no_test_split_is_refused(
    tmp_path: Path, config: Config, models: Path, reports: list[Report]
) -> None:
    write_reports(tmp_path / "bare" / "train.parquet", reports)
    with pytest.raises(RadimpressError, match=r"holds no test\*\.parquet"):
        generate_predictions(config, models, tmp_path / "bare", tmp_path / "out")


def test_an_unknown_system_is_refused_and_nothing_written(
    tmp_path: Path, config: Config, models: Path, splits: Path
) -> None:
    config.generation.systems = ["lead", "oracle"]
    with pytest.raises(RadimpressError, match="'oracle'"):
        generate_predictions(config, models, splits, tmp_path / "out")
    assert not (tmp_path / "out").exists()


class Endpoint:
    """A system that is asked elsewhere."""

    name = "remote"
    served: ClassVar[dict[str, str]] = {"endpoint": "radimpress", "version": "3"}

    def generate(self, reports: Sequence[Report]) -> list[Prediction]:
        return [Prediction(report.study_id, "Clear.") for report in reports]


def test_a_system_from_elsewhere_is_asked_too_and_its_version_noted(
    tmp_path: Path, config: Config, models: Path, splits: Path
) -> None:
    config.generation.systems = ["lead"]
    out = tmp_path / "out"
    counts = generate_predictions(config, models, splits, out, [Endpoint()])
    assert list(counts) == ["lead", "remote"]
    assert json.loads((out / "remote" / "summary.json").read_text()) == {
        "test": {"n": 5, "truncated": 0, "clipped": 0, "endpoint": "radimpress", "version": "3"},
        "test_outside": {
            **{"n": 1, "truncated": 0, "clipped": 0},
            **{"endpoint": "radimpress", "version": "3"},
        },
    }
    assert "endpoint" not in (out / "lead" / "summary.json").read_text()


def test_the_fast_engine_writes_the_same_bytes(
    tmp_path: Path, config: Config, models: Path, splits: Path
) -> None:
    for engine in (Engine.transformers, Engine.ctranslate2):
        config.generation.engine = engine
        generate_predictions(config, models, splits, tmp_path / engine.value)
    assert digests(tmp_path / "ctranslate2") == digests(tmp_path / "transformers")
