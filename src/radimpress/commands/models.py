"""A model or its output: score it, use it, compare it."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from radimpress.commands.console import out
from radimpress.config.program import pin_threads
from radimpress.config.serving import Engine
from radimpress.runtime.errors import next_step

MIN_SLICE = 30  # reports; smaller slices are marked


def score(
    file: Annotated[Path, typer.Argument(help="JSONL with findings, impression, prediction.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")] = False,
    seed: Annotated[int, typer.Option(help="Of the bootstrap.")] = 17,
) -> None:
    """Score any system's output with the metrics of the pipeline.

    One JSON object a line: findings, impression (the reference), prediction; background and
    study_id if you have them.

    Example: radimpress score predictions.jsonl --json
    """
    from radimpress.metrics.score import Settings
    from radimpress.metrics.significance import Resampling
    from radimpress.report import outside

    scores = outside.score_file(file, Settings(Resampling(seed=seed)))
    if as_json:
        print(outside.as_json(scores))
    else:
        outside.print_scores(scores, MIN_SLICE, out)


def summarize(
    findings: Annotated[
        str, typer.Argument(help="Findings as text, a text file, a .jsonl file, or - for stdin.")
    ] = "-",
    model: Annotated[
        str, typer.Option(help="A model folder or a registered model, e.g. models:/NAME@ALIAS.")
    ] = "models:/radimpress@challenger",
    threads: Annotated[int, typer.Option(min=1, help="CPU threads.")] = 2,
    engine: Annotated[
        Engine, typer.Option(help="What runs the model; auto is ctranslate2 on a CPU.")
    ] = Engine.auto,
    endpoint: Annotated[
        str, typer.Option(help="A SageMaker endpoint of this account, instead of a model here.")
    ] = "",
) -> None:
    """Write the impression for findings.

    Text in gives the impression out. JSONL in ({"findings": ...} a line, background and study_id if
    you have them) gives JSONL out, in the same order: {"study_id", "impression"}.

    An endpoint is asked what a model here would be, through `radimpress invoke`'s patience.

    Example: radimpress summarize "Moderate left pleural effusion. No pneumothorax."
    """
    from radimpress.modeling.requests import read_requests, written
    from radimpress.modeling.summarizer import Summarizer

    requests = read_requests(findings, sys.stdin)
    if endpoint:
        from radimpress.cloud.invoke.system import summarize_remotely
        from radimpress.commands.cloud import endpoint_client

        predictions = summarize_remotely(endpoint_client(endpoint), requests)
        sys.stdout.write(written(predictions, as_jsonl=requests.are_jsonl))
        return
    pin_threads(threads)
    summarizer = Summarizer.from_folder(model_folder(model), engine=engine, threads=threads)
    predictions = summarizer.summarize(requests.findings, requests.background, requests.study_ids)
    sys.stdout.write(written(predictions, as_jsonl=requests.are_jsonl))


def fetch(
    model: Annotated[
        str, typer.Argument(help="A model folder, models:/NAME@ALIAS or models:/NAME/VERSION.")
    ] = "models/finetuned",
) -> None:
    """Bring a model here whose weights stayed in S3, and print the folder that holds it.

    Every file is checked by its sha256. It is kept in models/kept, so the second time costs
    nothing; models/finetuned stays as DVC knows it. A model that is here is only named.

    Example: radimpress fetch models:/radimpress@champion
    """
    folder = model_folder(model)
    if not folder.is_dir():
        raise next_step(f"the model folder {folder} is missing", "run `dvc repro`, or name another")
    print(folder)


def compare(
    names: Annotated[
        list[str] | None,
        typer.Argument(
            help="Runs (id, name, system), versions (7, champion, models:/NAME@ALIAS), or two "
            "files: reports/predictions/SYSTEM/SPLIT.parquet, JSONL as `score` takes it."
        ),
    ] = None,
    split: Annotated[
        str, typer.Option(help="Which test split; by default that of a Parquet file, else test.")
    ] = "",
    examples: Annotated[int, typer.Option(min=0, help="Reports to show of two.")] = 6,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")] = False,
) -> None:
    """Compare runs, model versions or files of predictions on the same reports.

    Two names: each metric's difference with interval and p, wins and losses, slices, and the
    reports where they differ most (their text only where the corpus is public). Otherwise a table,
    each run tested against the first; without names the newest run of every system, the fine-tuned
    one first.

    Example: radimpress compare challenger champion
    """
    from radimpress.config.load import from_params
    from radimpress.report import head_to_head, head_to_head_view, run_comparison
    from radimpress.report.side import split_of

    names = names or []
    config, chosen = from_params(), split or split_of(names)
    if len(names) == 2:
        two = head_to_head.compare_two(config, names, chosen, examples)
        if as_json:
            print(json.dumps(head_to_head_view.as_dict(two), indent=1, ensure_ascii=False))
        else:
            head_to_head_view.print_two(two, config.evaluation.min_slice, out)
        return
    several = run_comparison.compare_runs(config, names, chosen)
    if as_json:
        print(json.dumps(run_comparison.as_dict(several), indent=1))
    else:
        out.print(run_comparison.as_table(several))


def model_folder(model: str) -> Path:
    """Its weights are here then. A folder that has them does not even need a configuration."""
    from radimpress.modeling.reference import read_reference

    is_folder = not model.startswith(("models:/", "runs:/"))
    if is_folder and not read_reference(Path(model)):
        return Path(model)
    from radimpress.cloud.fetched_models import fetched_folder, fetched_model
    from radimpress.config.load import from_params
    from radimpress.tracking.store import open_store

    config = from_params()
    if is_folder:
        return fetched_folder(Path(model), config.cloud)
    return fetched_model(open_store(config.tracking), model, config.cloud)
