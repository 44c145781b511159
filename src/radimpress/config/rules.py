"""Rules that span fields: what is refused before a stage runs, and what is warned about.

Each rule is a function from a Config to problems; adding one is adding it to RULES.
"""

import string
from collections.abc import Callable, Iterator

from radimpress.config.cloud_rules import cloud_rules, deployment_rules, endpoint_rules, job_rules
from radimpress.config.problem import Problem
from radimpress.config.promotion_rules import promotion_rules
from radimpress.config.schema import (
    Access,
    Adapter,
    Config,
    CorpusFormat,
    ListNumbers,
    ModelStorage,
    Origin,
    Overlap,
    Precision,
    Profile,
    SplitMethod,
    Strategy,
)
from radimpress.config.serving_rules import serving_rules
from radimpress.runtime.errors import RadimpressError

PROMPT_FIELDS = {"findings", "background", "neighbours"}
BASELINES = {"constant", "lead", "retrieval"}


def check(config: Config) -> list[Problem]:
    """Every problem of `config`, refusals first."""
    problems = [problem for rule in RULES for problem in rule(config)]
    return sorted(problems, key=lambda p: not p.refused)


def refuse_bad(config: Config) -> None:
    """Raise RadimpressError naming every refused combination; warnings pass."""
    if refused := [str(p) for p in check(config) if p.refused]:
        raise RadimpressError("the configuration is refused: " + "; ".join(refused))


def warnings(config: Config) -> list[str]:
    """The warnings alone, as lines for a person."""
    return [str(p) for p in check(config) if not p.refused]


def _required(config: Config) -> Iterator[Problem]:
    for name, value in (
        ("data.name", config.data.name),
        ("data.path", config.data.path),
        ("model.name", config.model.name),
    ):
        if not value:
            yield Problem(name, "is not set; choose a group (data=..., model=...) or set it")


def _ranges(config: Config) -> Iterator[Problem]:
    data, model, training = config.data, config.model, config.training
    compute, generation, evaluation = config.compute, config.generation, config.evaluation
    least: list[tuple[str, float, float]] = [
        ("training.batch_size", training.batch_size, 1),
        ("training.evaluations", training.evaluations, 1),
        ("training.patience", training.patience, 1),
        ("model.retrieval", model.retrieval, 0),
        ("model.max_source_tokens", model.max_source_tokens, 8),
        ("model.max_target_tokens", model.max_target_tokens, 4),
        ("compute.processes", compute.processes, 1),
        ("compute.threads", compute.threads, 1),
        ("compute.workers", compute.workers, 1),
        ("compute.micro_batch_size", compute.micro_batch_size, 1),
        ("generation.max_new_tokens", generation.max_new_tokens, 1),
        ("generation.num_beams", generation.num_beams, 1),
        ("generation.batch_size", generation.batch_size, 1),
        ("generation.lead_sentences", generation.lead_sentences, 1),
        ("evaluation.bootstrap_samples", evaluation.bootstrap_samples, 100),
        ("data.limit", 1 if data.limit is None else data.limit, 1),
    ]
    for name, value, smallest in least:
        if value < smallest:
            yield Problem(name, f"is {value}, expected at least {smallest:g}")
    shares = data.split.validation, data.split.test
    if min(shares) <= 0 or sum(shares) >= 1:
        yield Problem(
            "data.split",
            f"validation {shares[0]:g}, test {shares[1]:g} must be above 0 and leave a rest",
        )
    if not 0 <= data.split.max_contamination <= 1:
        yield Problem("data.split.max_contamination", "is a share between 0 and 1")
    if not 0.5 <= evaluation.confidence < 1:
        yield Problem("evaluation.confidence", f"is {evaluation.confidence:g}, expected [0.5, 1)")
    if training.learning_rate <= 0:
        yield Problem("training.learning_rate", f"is {training.learning_rate:g}, expected above 0")
    if training.epochs <= 0 and training.max_steps <= 0:
        yield Problem("training.epochs", "must be above 0 where training.max_steps is not")


def _precision(config: Config) -> Iterator[Problem]:
    if config.compute.precision is Precision.fp16:
        yield Problem(
            "compute.precision",
            "T5 overflows in fp16 (its feed-forward activations pass 65,504 and the loss becomes "
            "NaN); use bf16 on GPUs since Ampere, fp32 on V100",
        )


def _length(config: Config) -> Iterator[Problem]:
    if config.generation.max_new_tokens > config.model.max_target_tokens:
        yield Problem(
            "generation.max_new_tokens",
            f"is {config.generation.max_new_tokens}, but training targets are cut at "
            f"model.max_target_tokens={config.model.max_target_tokens}: the model never saw an "
            "impression that long",
            refused=False,
        )


def _privacy(config: Config) -> Iterator[Problem]:
    if config.tracking.log_text and config.data.access is not Access.public:
        yield Problem(
            "tracking.log_text",
            f"report text of a {config.data.access.value} corpus may not be logged; leave it null, "
            "or set data.access=public if the corpus truly is",
        )


def _model_copy(config: Config) -> Iterator[Problem]:
    if (
        config.model.retrieval > 0
        and config.data.access is not Access.public
        and config.tracking.model is ModelStorage.copy
    ):
        yield Problem(
            "tracking.model",
            "copy would send training reports to MLflow, for a model with retrieval carries them; "
            "set tracking.model=reference",
        )


def _official_split(config: Config) -> Iterator[Problem]:
    split = config.data.split
    if split.method is SplitMethod.official and split.file in ("", config.data.path):
        yield Problem("data.split.file", "must name the official split CSV where method=official")
    if split.overlap is Overlap.allow:
        yield Problem(
            "data.split.overlap",
            "allow keeps pairs that stand in training and evaluation: scores will be too high",
            refused=False,
        )


def _profile(config: Config) -> Iterator[Problem]:
    cleaning = config.data.cleaning
    if config.data.profile is Profile.mediqa and cleaning.list_numbers is ListNumbers.strip:
        yield Problem(
            "data.cleaning.list_numbers",
            "strip has no effect with data.profile=mediqa, which keeps its own rule to the letter; "
            "set it to keep to say so",
            refused=False,
        )


def _columns(config: Config) -> Iterator[Problem]:
    columns = config.data.columns
    if config.data.format not in (CorpusFormat.csv, CorpusFormat.jsonl):
        return
    if not columns.report and not (columns.findings and columns.impression):
        yield Problem(
            "data.columns",
            f"format {config.data.format.value} needs findings and impression, or report; "
            "e.g. data.columns.findings=findings data.columns.impression=impression",
        )


def _external(config: Config) -> Iterator[Problem]:
    external = config.data.external
    if external.name and not external.path:
        yield Problem("data.external.path", f"must be set: external test set {external.name!r}")
    if external.name and not external.name.isidentifier():
        yield Problem("data.external.name", f"{external.name!r} must be a plain name")


def _foundation(config: Config) -> Iterator[Problem]:
    model = config.model
    if model.origin is Origin.hub:
        if not model.path and not model.hub_id:
            yield Problem("model.hub_id", "is not set, nor is model.path")
        if not model.path and (model.revision is None or len(model.revision) != 40):
            yield Problem(
                "model.revision",
                "must be the full 40-digit commit hash: a branch or tag can move under you",
            )
    elif model.adapter is not Adapter.none:
        yield Problem(
            "model.adapter",
            "LoRA on the tiny model saves nothing and learns less; use it with model=flan_t5_*",
            refused=False,
        )
    if model.tiny.d_model % model.tiny.heads:
        yield Problem(
            "model.tiny.heads", f"{model.tiny.heads} must divide d_model {model.tiny.d_model}"
        )


def _prompt(config: Config) -> Iterator[Problem]:
    try:
        fields = {name for _, name, _, _ in string.Formatter().parse(config.model.prompt) if name}
    except ValueError as error:
        yield Problem("model.prompt", f"is no template ({error}); double literal braces")
        return
    if unknown := sorted(fields - PROMPT_FIELDS):
        yield Problem("model.prompt", f"knows {sorted(PROMPT_FIELDS)}, not {unknown}")
    if "findings" not in fields:
        yield Problem("model.prompt", "must contain {findings}")
    if config.model.retrieval > 0 and "neighbours" not in fields:
        yield Problem("model.prompt", "must contain {neighbours} where model.retrieval is above 0")
    if config.model.retrieval == 0 and "neighbours" in fields:
        yield Problem("model.retrieval", "is 0 but the prompt asks for {neighbours}")


def _batches(config: Config) -> Iterator[Problem]:
    compute, batch = config.compute, config.training.batch_size
    if compute.strategy is Strategy.single and compute.processes > 1:
        yield Problem("compute.strategy", "single runs one process; choose ddp or fsdp for more")
    if batch % compute.processes:
        yield Problem(
            "training.batch_size", f"{batch} must be a multiple of {compute.processes} processes"
        )
        return
    share = batch // compute.processes
    if share > compute.micro_batch_size and share % compute.micro_batch_size:
        yield Problem(
            "compute.micro_batch_size",
            f"{compute.micro_batch_size} must divide the {share} pairs a process sees in a step",
        )


def _systems(config: Config) -> Iterator[Problem]:
    systems, candidate = config.generation.compared, config.evaluation.candidate
    if len(set(systems)) != len(systems):
        yield Problem("generation.systems", f"names a system twice: {systems}")
    if candidate not in systems:
        yield Problem("evaluation.candidate", f"{candidate!r} is not among {systems}")
    if not BASELINES & set(systems):
        yield Problem(
            "generation.systems",
            "has no baseline; a constant sentence already scores ROUGE-L 0.47 on chest reports",
            refused=False,
        )


Rule = Callable[[Config], Iterator[Problem]]
RULES: tuple[Rule, ...] = (
    _required,
    _ranges,
    _precision,
    _length,
    _privacy,
    _model_copy,
    _official_split,
    _profile,
    _columns,
    _external,
    _foundation,
    _prompt,
    _batches,
    _systems,
    lambda config: promotion_rules(config.promotion),
    lambda config: serving_rules(config.serving),
    job_rules,
    cloud_rules,
    deployment_rules,
    endpoint_rules,
)
