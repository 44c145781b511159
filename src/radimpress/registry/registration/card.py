"""The model card: what a model is, how well it did and where it came from, on one page."""

from collections.abc import Mapping
from typing import Any

from radimpress.config.schema import Access, Config
from radimpress.modeling.reference import Reference
from radimpress.registry.registration.run_tables import difference, row
from radimpress.report.number_table import ARROWS
from radimpress.report.vocabulary import metric
from radimpress.tracking.lineage import Lineage

HEADLINE = {
    "rougeL": "ROUGE-L F1",
    "clinical_f1_micro": "clinical F1, micro (rule-based CheXpert-style)",
    "hallucination_rate": "reports with a hallucinated observation",
    "omission_rate": "reports with an omitted observation",
    "contradiction_rate": "reports with a contradiction (negation flip)",
    "side_flip_rate": "reports with a side flip",
}
BY_REFERENCE = (
    "radimpress brings them where they are needed (`radimpress fetch`); MLflow itself "
    "(`mlflow models serve`, `pyfunc.load_model`) cannot load this version"
)


def model_card(
    config: Config,
    lineage: Lineage,
    metrics: Mapping[str, Any],
    splits: Mapping[str, int],
    model_sha256: str,
    tests: Mapping[str, Any] | None = None,
    reference: Reference | None = None,
) -> str:
    """Markdown. `metrics` is the candidate's part of metrics.json, `splits` counts reports.

    `tests` is the `splits` of comparisons.json; `reference` says that the weights stayed in S3. The
    first line is what the table of versions in the MLflow UI shows of it.
    """
    model, training = config.model, config.training
    lines = [
        _headline(metrics),
        "",
        f"# {config.tracking.registered_model}: {model.name} on {config.data.name}",
        "",
        "Writes the impression of a chest radiograph report from its findings.",
        "**Not a medical device**: a draft for a radiologist who reads every word.",
        "",
        "## Data",
        f"Corpus `{config.data.name}` ({config.data.access.value}), profile "
        f"`{config.data.profile.value}`, split `{config.data.split.method.value}`: "
        + ", ".join(f"{count:,} {name}" for name, count in splits.items())
        + ".",
    ]
    if config.data.access is not Access.public:
        lines.append(
            "Weights trained on it are as private as the reports: they can hold text of them."
        )
    if model.retrieval:
        lines.append(
            f"The model folder holds the training reports: the prompt shows {model.retrieval} of "
            "their impressions."
        )
    lines += [
        "",
        "## Training",
        f"Prompt `{model.prompt}`, at most {model.max_source_tokens} tokens in and "
        f"{model.max_target_tokens} out; adapter {model.adapter.value}; up to "
        f"{training.epochs:g} epochs, learning rate {training.learning_rate:g}, "
        f"batch {training.batch_size}, seed {config.seed}.",
    ]
    for split, slices in metrics.items():
        lines += ["", f"## Scores on `{split}`", "", *_score_table(slices, config)]
        if tests and split in tests:
            lines += ["", *_differences(tests[split])]
    lines += [
        "",
        "## Limits",
        "- ROUGE counts shared words: it does not see a lost negation or a swapped side. The error "
        "rates above do, as far as a rule-based labeller of 14 chest observations can.",
        "- Other institutions, modalities and languages were not measured.",
        "- Reports longer than the prompt are cut at the end of the findings.",
        "",
        "## Lineage",
        f"- model sha256 `{model_sha256}`",
        f"- configuration `{lineage.config_fingerprint}`",
        f"- git `{lineage.git_commit or 'none'}`"
        + (" with uncommitted changes" if lineage.git_dirty else ""),
        f"- dvc.lock md5 `{lineage.dvc_lock_md5 or 'none'}`",
        *(f"- split {name} md5 `{md5}`" for name, md5 in lineage.splits.items()),
        *([f"- weights at `{reference.uri}`: {BY_REFERENCE}"] if reference else []),
        "",
    ]
    return "\n".join(lines)


def _headline(metrics: Mapping[str, Any]) -> str:
    split, slices = next(iter(metrics.items()))
    scores = [
        f"{metric(name).label} {metric(name).write(slices['all'][name]['value'])}"
        for name in ("rougeL", "clinical_f1_micro", "hallucination_rate")
        if name in slices["all"]
    ]
    return f"{', '.join(scores)} on `{split}`, {slices['all']['rougeL']['n']:,} reports"


def _differences(tests: Mapping[str, Any]) -> list[str]:
    """What the model gains on every other system."""
    kinds = [metric(name) for name in HEADLINE]
    return [
        row("this model minus", *(f"{kind.label} {ARROWS[kind.better]}" for kind in kinds)),
        "| --- |" + " --- |" * len(kinds),
        *(
            row(other, *(difference(kind, found.get(kind.name)) for kind in kinds))
            for other, found in tests.items()
        ),
    ]


def _score_table(slices: Mapping[str, Any], config: Config) -> list[str]:
    shown = [name for name in ("all", "normal", "abnormal") if name in slices]
    rows = [row("metric", *shown), "| --- |" + " --- |" * len(shown)]
    for name, title in HEADLINE.items():
        rows.append(row(title, *(_cell(slices[piece].get(name)) for piece in shown)))
    sizes = ", ".join(f"{name} {slices[name]['rougeL']['n']}" for name in shown)
    return [*rows, "", f"Reports: {sizes}. Brackets: {config.evaluation.confidence:.0%} bootstrap."]


def _cell(result: Mapping[str, float] | None) -> str:
    if result is None:
        return ""
    return f"{result['value']:.3f} [{result['low']:.3f}, {result['high']:.3f}]"
