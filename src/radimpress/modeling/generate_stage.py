"""Stage `generate`: every system's impression of every evaluated report."""

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, runtime_checkable

import torch

from radimpress.baselines.system import System
from radimpress.baselines.systems import build
from radimpress.config.fingerprint import fingerprint
from radimpress.config.schema import Config
from radimpress.corpus.report import Prediction, Report, read_reports, write_predictions
from radimpress.modeling.recipe import Decoding
from radimpress.modeling.shards import Shards
from radimpress.modeling.summarizer import Summarizer
from radimpress.runtime.atomic import whole_folder, write_text
from radimpress.runtime.digests import folder_sha256
from radimpress.runtime.errors import next_step
from radimpress.runtime.roots import checkpoints_root

MODELS = ("foundation", "finetuned")


@dataclass(frozen=True, slots=True)
class Count:
    """What came of one system and split; `seconds` is wall time, without loading the model."""

    n: int
    truncated: int
    clipped: int
    seconds: float


Counts = dict[str, dict[str, Count]]  # system -> split -> Count


@runtime_checkable
class Remote(Protocol):
    """A system that is asked elsewhere, where it may change: it says what answered."""

    @property
    def served(self) -> Mapping[str, str]:
        """Names and versions, for the summary beside the predictions."""


def generate_predictions(
    config: Config, models: Path, splits: Path, out: Path, more: Sequence[System] = ()
) -> Counts:
    """Write `out`/<system>/<split>.parquet for every system of the configuration; whole or not.

    Model systems come from `models`/<system>; `more` are asked last; `splits` holds train.parquet
    and test*.parquet. An interrupted run goes on after its last finished batch. All systems are
    decoded alike, with the configuration's generation settings. `out`/<system>/summary.json holds
    what does not vary between runs; the times are in the returned counts only.
    """
    torch.set_num_threads(config.compute.threads)
    train = read_reports(splits / "train.parquet")
    tests = {path.stem: read_reports(path) for path in sorted(splits.glob("test*.parquet"))}
    if not tests:
        raise next_step(f"{splits} holds no test*.parquet", "run `dvc repro split`")
    kept: list[Shards] = []
    with whole_folder(out) as temporary:
        counts = {
            name: _generate(_system(name, config, models, train, kept), tests, temporary / name)
            for name in config.generation.systems
        }
        counts |= {one.name: _generate(one, tests, temporary / one.name) for one in more}
    for shards in kept:
        shards.discard()
    return counts


def _system(
    name: str, config: Config, models: Path, train: Sequence[Report], kept: list[Shards]
) -> System:
    if name in MODELS:
        return _ResumableModel(name, config, models / name, train, kept)
    return build(name, train, config)


def _generate(system: System, tests: dict[str, list[Report]], out: Path) -> dict[str, Count]:
    counts: dict[str, Count] = {}
    for split, reports in tests.items():
        started = time.perf_counter()
        predictions = system.generate(reports)
        seconds = time.perf_counter() - started
        write_predictions(out / f"{split}.parquet", predictions)
        counts[split] = Count(
            n=len(predictions),
            truncated=sum(p.truncated for p in predictions),
            clipped=sum(p.clipped for p in predictions),
            seconds=seconds,
        )
    settled: dict[str, dict[str, int | str]] = {
        split: {"n": count.n, "truncated": count.truncated, "clipped": count.clipped}
        for split, count in counts.items()
    }
    if isinstance(system, Remote):
        settled = {split: {**known, **system.served} for split, known in settled.items()}
    write_text(out / "summary.json", json.dumps(settled, indent=2) + "\n")
    return counts


class _ResumableModel:
    """A model folder as a system whose finished batches survive an interruption."""

    def __init__(
        self,
        name: str,
        config: Config,
        folder: Path,
        train: Sequence[Report],
        kept: list[Shards],
    ) -> None:
        self.name, self._kept = name, kept
        compute, batch_size = config.compute, config.generation.batch_size
        decoding = Decoding.of(config.generation)
        self._summarizer = Summarizer.from_folder(
            folder,
            compute.device,
            compute.precision,
            name,
            batch_size,
            decoding,
            train,
            config.generation.engine,
            compute.threads,
        )
        looked_up = train if self._summarizer.recipe.prompt.retrieval else []
        self._made_of = fingerprint(
            folder_sha256(folder),
            decoding,
            batch_size,
            compute.device,
            compute.precision,
            self._summarizer.engine,
            looked_up,
        )

    def generate(self, reports: Sequence[Report]) -> list[Prediction]:
        digest = fingerprint(self._made_of, reports)
        self._kept.append(Shards(checkpoints_root() / f"generate-{digest[:16]}"))
        return self._summarizer.generate(reports, self._kept[-1])
