"""Asks candidate, champion and baselines the same reports, and measures what they wrote."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch

from radimpress.baselines.systems import build
from radimpress.config.schema import Config
from radimpress.corpus.report import Prediction, Report, read_reports
from radimpress.metrics.score import ScoredPair, Scores, Settings, score
from radimpress.metrics.significance import Resampling
from radimpress.modeling.placement import device_for, dtype_for
from radimpress.modeling.summarizer import Summarizer
from radimpress.registry.evidence.evidence import Evidence
from radimpress.registry.evidence.golden import read_cases, run_cases
from radimpress.registry.evidence.kept_predictions import KeptPredictions
from radimpress.registry.evidence.latency import measure, spread
from radimpress.registry.evidence.pipeline_predictions import PipelinePredictions
from radimpress.registry.registration.records import Workspace
from radimpress.runtime.digests import file_md5, folder_sha256
from radimpress.runtime.errors import next_step
from radimpress.runtime.progress import track


@dataclass(frozen=True, slots=True)
class Model:
    """A model folder under the name it has in messages, with its content."""

    name: str
    folder: Path
    sha256: str


class Evaluation:
    """The frozen test split of a workspace, and what each system wrote for it."""

    def __init__(self, config: Config, workspace: Workspace) -> None:
        self._config, self._split = config, config.promotion.split
        path = workspace.splits / f"{self._split}.parquet"
        self._reports, self._md5 = read_reports(path), file_md5(path)
        if not self._reports:
            raise next_step(f"{path} holds no report", "run `dvc repro split`")
        self._train_path = workspace.splits / "train.parquet"
        self._pipeline = PipelinePredictions(workspace)
        self._kept = KeptPredictions(workspace.root / "data" / "promotion")

    def evidence(self, candidate: Model, champion: Model | None) -> Evidence:
        """Everything the gates judge. Raises RadimpressError where a model cannot be loaded."""
        config, promotion = self._config, self._config.promotion
        cases = read_cases(Path(promotion.golden.cases) if promotion.golden.cases else None)
        torch.set_num_threads(config.compute.threads)
        written = dict(self._baselines())
        ours = self._load(candidate)
        theirs = self._load(champion) if champion else None
        written["candidate"] = self._ask(ours, candidate)
        if theirs and champion:
            written["champion"] = self._ask(theirs, champion)
        scores = {
            name: self._score(predictions) for name, predictions in track(written.items(), "score")
        }
        resampling = Resampling(promotion.samples, promotion.confidence, config.seed)
        timed = spread(self._reports, promotion.latency.reports)
        return Evidence(
            promotion,
            resampling,
            scores["candidate"],
            scores.get("champion"),
            {name: scores[name] for name in promotion.baselines.systems},
            tuple(run_cases(ours, track(cases, "golden cases"))),
            measure(ours, theirs, timed, promotion.confidence),
        )

    def _baselines(self) -> Iterator[tuple[str, list[Prediction]]]:
        train: list[Report] = []
        for name in self._config.promotion.baselines.systems:
            written = self._pipeline.of_baseline(name, self._split)
            if written is None:
                train = train or read_reports(self._train_path)
                system = build(name, train, self._config)
                lead = self._config.generation.lead_sentences
                made_of = (name, lead, file_md5(self._train_path), self._md5)
                written = self._kept.get(made_of, self._reports, system.generate)
            yield name, self._fitting(written)

    def _load(self, model: Model) -> Summarizer:
        compute, batch_size = self._config.compute, self._config.generation.batch_size
        return Summarizer.from_folder(
            model.folder,
            device=compute.device,
            precision=compute.precision,
            name=model.name,
            batch_size=batch_size,
        )

    def _ask(self, summarizer: Summarizer, model: Model) -> list[Prediction]:
        """With the decoding of the model's own recipe: the way it will be served."""
        decoding = summarizer.recipe.decoding
        written = self._pipeline.of_model(model.sha256, decoding, self._split)
        if written is None:
            compute, batch_size = self._config.compute, self._config.generation.batch_size
            device = device_for(compute.device)
            number = str(dtype_for(compute.precision, device))
            made_of = (model.sha256, decoding, batch_size, device.type, number, compute.threads)
            written = self._kept.get((*made_of, self._md5), self._reports, summarizer.generate)
        return self._fitting(written)

    def _fitting(self, written: list[Prediction]) -> list[Prediction]:
        if [p.study_id for p in written] != [r.study_id for r in self._reports]:
            raise next_step(
                f"the predictions of {self._split} are of other reports than the split",
                "run `dvc repro generate`",
            )
        return written

    def _score(self, predictions: Sequence[Prediction]) -> Scores:
        """Values and intervals as in metrics.json; the paired tests draw their own resamples."""
        wanted = self._config.evaluation
        resampling = Resampling(
            wanted.bootstrap_samples, self._config.promotion.confidence, self._config.seed
        )
        pairs = [
            ScoredPair(
                report.study_id,
                report.findings,
                report.impression,
                written.prediction,
                report.background,
                report.source,
                written.truncated,
            )
            for report, written in zip(self._reports, predictions, strict=True)
        ]
        return score(pairs, Settings(resampling, tuple(wanted.length_bins)))


def verified(model: Model) -> Model:
    """The model, where its files are those that were registered. Raises RadimpressError if not."""
    if not model.folder.is_dir() or folder_sha256(model.folder) != model.sha256:
        raise next_step(
            f"the files of {model.name} in {model.folder} are not those that were registered",
            "restore them from DVC or a backup, or `radimpress rollback` to a whole version",
        )
    return model
