"""One of two sides to compare: what a run, a version or a file of predictions scored and wrote."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from radimpress.config.load import from_params
from radimpress.config.privacy import text_is_public
from radimpress.config.schema import Config
from radimpress.corpus.report import Report, read_predictions, read_reports
from radimpress.metrics.catalogue import Columns
from radimpress.metrics.score import ScoredPair, Scores, score
from radimpress.report.evaluate_stage import settings_of
from radimpress.report.kept_files import find_file
from radimpress.report.outside import read_pairs
from radimpress.report.run_choice import Chosen, choose, scores_of
from radimpress.runtime.digests import file_md5
from radimpress.runtime.errors import RadimpressError, next_step
from radimpress.runtime.roots import repository_root
from radimpress.tracking.lineage import PREFIX
from radimpress.tracking.names import ACCESS, PREDICTIONS, SYSTEM
from radimpress.tracking.store import open_store


@dataclass(frozen=True, slots=True)
class Side:
    """Numbers per report, and as much text as is at hand.

    `reports` and `outputs` are by study id and may lack some or all; `public` says whether the
    corpus they came from is, and so whether anybody may be shown them.
    """

    label: str
    identity: Mapping[str, str]  # run_id, version or file, as JSON names it
    studies: Sequence[str]
    columns: Columns
    split_md5: str = ""
    reports: Mapping[str, Report] = field(default_factory=dict)
    outputs: Mapping[str, str] = field(default_factory=dict)
    public: bool = False


def split_of(names: Sequence[str]) -> str:
    """The split that the first Parquet file among `names` is named after, else `test`."""
    return next((Path(name).stem for name in names if name.endswith(".parquet")), "test")


def open_side(config: Config, name: str, split: str) -> Side:
    """The side that `name` stands for. Raises RadimpressError for an unknown run or a bad file."""
    if name.endswith(".jsonl"):
        return _outside(config, Path(name), split)
    if name.endswith(".parquet"):
        return _predictions(config, Path(name), split)
    return _run(config, name, split)


def _run(config: Config, name: str, split: str) -> Side:
    store = open_store(config.tracking)
    chosen = choose(store, config, [name])[0]
    studies, columns = scores_of(store, chosen, split)
    tags, root = chosen.run.data.tags, repository_root()
    split_md5 = tags.get(f"{PREFIX}split.{split}_md5", "")
    reports = find_file(root, f"data/splits/{split}.parquet", split_md5)
    written = find_file(
        root,
        f"reports/predictions/{tags.get(SYSTEM)}/{split}.parquet",
        tags.get(PREDICTIONS.format(split=split), ""),
    )
    return Side(
        label=chosen.label,
        identity=_identity(chosen),
        studies=studies,
        columns=columns,
        split_md5=split_md5,
        reports={r.study_id: r for r in read_reports(reports)} if reports else {},
        outputs={p.study_id: p.prediction for p in read_predictions(written)} if written else {},
        public=_run_is_public(config, chosen),
    )


def _predictions(config: Config, path: Path, split: str) -> Side:
    """A file of `reports/predictions/<system>/`, scored against the split of its own workspace."""
    predictions = {p.study_id: p for p in read_predictions(path)}
    own = path.resolve().parents[3] if len(path.resolve().parents) > 3 else path.parent
    root = own if (own / "data" / "splits" / f"{split}.parquet").is_file() else repository_root()
    file = root / "data" / "splits" / f"{split}.parquet"
    reports = [r for r in read_reports(file) if r.study_id in predictions]
    if not reports:
        raise next_step(f"{path} holds no report of {file}", "name its split with --split")
    pairs = [
        ScoredPair(
            study_id=r.study_id,
            findings=r.findings,
            reference=r.impression,
            prediction=predictions[r.study_id].prediction,
            background=r.background,
            source=r.source,
            truncated=predictions[r.study_id].truncated,
        )
        for r in reports
    ]
    public = _workspace_is_public(config, root)
    return _scored(config, path, pairs, reports, file_md5(file), public)


def _outside(config: Config, path: Path, split: str) -> Side:
    """A JSONL file as `radimpress score` takes it.

    Nobody knows where its text is from: it counts as public only where a public workspace holds the
    same reports.
    """
    pairs = read_pairs(path)
    reports = [
        Report(p.study_id, "", p.source, p.background, p.findings, p.reference) for p in pairs
    ]
    known = repository_root() / "data" / "splits" / f"{split}.parquet"
    public = False
    if text_is_public(config) and known.is_file():
        texts = {(r.study_id, r.findings, r.impression) for r in read_reports(known)}
        public = all((r.study_id, r.findings, r.impression) in texts for r in reports)
    return _scored(config, path, pairs, reports, "", public)


def _scored(
    config: Config,
    path: Path,
    pairs: Sequence[ScoredPair],
    reports: Sequence[Report],
    split_md5: str,
    public: bool,
) -> Side:
    found: Scores = score(pairs, settings_of(config))
    if len(set(found.study_ids)) < len(found.study_ids):
        raise next_step(f"{path} names a study twice", "give every report a study_id of its own")
    return Side(
        label=str(path),
        identity={"file": str(path)},
        studies=found.study_ids,
        columns=found.columns,
        split_md5=split_md5,
        reports={report.study_id: report for report in reports},
        outputs={pair.study_id: pair.prediction for pair in pairs},
        public=public,
    )


def _identity(chosen: Chosen) -> dict[str, str]:
    identity = {"run_id": str(chosen.run.info.run_id), "run": str(chosen.run.info.run_name)}
    return identity | ({"version": chosen.version.number} if chosen.version else {})


def _run_is_public(config: Config, chosen: Chosen) -> bool:
    """By the run's own word; of an older run by its corpus being the public one of this place."""
    if recorded := chosen.run.data.tags.get(ACCESS):
        return bool(recorded == "public") and text_is_public(config)
    same_corpus = chosen.run.data.params.get("corpus") == config.data.name
    return same_corpus and text_is_public(config)


def _workspace_is_public(config: Config, root: Path) -> bool:
    """Another workspace is asked by its own params.yaml."""
    if root == repository_root():
        return text_is_public(config)
    try:
        return text_is_public(from_params(root / "params.yaml"))
    except RadimpressError:
        return False
