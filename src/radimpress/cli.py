"""`radimpress`: a thin Typer app over the same functions that the stages call."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from radimpress import __version__
from radimpress.config.program import INTERRUPTED, pin_threads, show_fault
from radimpress.config.schema import Profile
from radimpress.runtime.errors import RadimpressError, next_step

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="From raw radiology reports to a promoted, served model that writes the impression. "
    "The pipeline itself is `dvc repro`; these commands stand beside it.",
)
out = Console(highlight=False)
MIN_SLICE = 30  # reports; smaller slices are marked


def main() -> None:
    """Run the command line: one line for a user's mistake, a message-free traceback for a fault."""
    try:
        app()
    except RadimpressError as error:
        sys.exit(f"error: {error}")
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    except BrokenPipeError:  # `radimpress ... | head`
        sys.stderr.close()
        sys.exit(0)
    except Exception as error:
        show_fault(error, quote=False)
        sys.exit(70)


@app.callback(invoke_without_command=True)
def _root(
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    if version:
        print(__version__)
        raise typer.Exit


@app.command()
def sections(
    file: Annotated[Path, typer.Argument(help="One raw report; - is standard input.")],
    profile: Annotated[Profile, typer.Option(help="How headers are read.")] = Profile.robust,
) -> None:
    """Show what the parser makes of one raw report: how to debug a corpus.

    Prints one JSON object {background, findings, impression, dropped}; dropped is null or the
    reason why the cleaning stage would leave the report out.

    Example: radimpress sections s50414267.txt --profile mediqa
    """
    from dataclasses import asdict

    from radimpress.corpus.sections import parse

    print(json.dumps(asdict(parse(_read_text(file), profile)), indent=2, ensure_ascii=False))


@app.command()
def synthesize(
    folder: Annotated[Path, typer.Argument(help="Where the corpus is written.")],
    reports: Annotated[int, typer.Option(min=1, help="How many reports.")] = 3000,
    institution: Annotated[str, typer.Option(help="Whose reporting style: A or B.")] = "B",
    seed: Annotated[int, typer.Option(help="The same seed gives the same bytes.")] = 2026,
) -> None:
    """Write a corpus of generated chest reports in MIMIC-CXR's raw layout.

    The zip, the official split CSV, and beside them the latent truth of every study. No patient is
    real.

    Example: radimpress synthesize /tmp/reports --reports 500 --institution A
    """
    from radimpress.corpus.synthetic import write_corpus

    write_corpus(folder, institution, reports, seed)
    out.print(f"{reports:,} generated reports of institution {institution} in {folder}")


@app.command()
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


@app.command()
def summarize(
    findings: Annotated[
        str, typer.Argument(help="Findings as text, a text file, a .jsonl file, or - for stdin.")
    ] = "-",
    model: Annotated[
        str, typer.Option(help="A model folder or a registered model, e.g. models:/NAME@ALIAS.")
    ] = "models:/radimpress@challenger",
    threads: Annotated[int, typer.Option(min=1, help="CPU threads.")] = 2,
) -> None:
    """Write the impression for findings.

    Text in gives the impression out. JSONL in ({"findings": ...} a line, background and study_id if
    you have them) gives JSONL out, in the same order: {"study_id", "impression"}.

    Example: radimpress summarize "Moderate left pleural effusion. No pneumothorax."
    """
    from radimpress.modeling.requests import read_requests, written
    from radimpress.modeling.summarizer import Summarizer

    requests = read_requests(findings, sys.stdin)
    pin_threads(threads)
    summarizer = Summarizer.from_folder(_model_folder(model))
    predictions = summarizer.summarize(requests.findings, requests.background, requests.study_ids)
    sys.stdout.write(written(predictions, as_jsonl=requests.are_jsonl))


@app.command()
def compare(
    runs: Annotated[
        list[str] | None,
        typer.Argument(help="Run ids, run names, systems or model versions (models:/NAME@ALIAS)."),
    ] = None,
    split: Annotated[str, typer.Option(help="Which test split.")] = "test",
) -> None:
    """Print a table of MLflow runs, each tested against the first on the same reports.

    Without arguments: the newest run of every system of this corpus, the fine-tuned one first.

    Example: radimpress compare finetuned retrieval
    """
    from radimpress.config.load import from_params
    from radimpress.report.run_comparison import compare_runs

    out.print(compare_runs(from_params(), runs or [], split))


@app.command()
def ui(
    port: Annotated[int, typer.Option(help="Where it listens, on 127.0.0.1.")] = 5000,
    browser: Annotated[bool, typer.Option(help="Open a browser.")] = True,
) -> None:
    """Open the MLflow UI where runs are compared."""
    from radimpress.config.load import from_params
    from radimpress.tracking.ui import serve_ui

    serve_ui(from_params().tracking, port, browser)


@app.command()
def doctor() -> None:
    """Say what of the set-up works, and what to do about what does not."""
    from rich.table import Table

    from radimpress.health.doctor import examine

    findings = examine(Path.cwd())
    table = Table("", "check", "seen", "next step", box=None, pad_edge=False)
    marks = {"ok": "[green]ok[/]", "warn": "[yellow]warn[/]", "fail": "[red]fail[/]"}
    for found in findings:
        table.add_row(marks[found.state], found.subject, found.seen, found.step)
    out.print(table)
    raise typer.Exit(any(found.state == "fail" for found in findings))


@app.command()
def verify() -> None:
    """Re-hash everything that dvc.lock names, in the workspace and in DVC's cache.

    DVC trusts modification times; this reads every byte. Exits 1 when something differs.
    """
    from radimpress.health.verify import verify as check

    results = check(Path.cwd())
    broken = [result for result in results if not result.is_sound]
    for result in broken:
        where = "" if result.workspace != "agrees" else " in DVC's cache"
        state = result.workspace if result.workspace != "agrees" else "damaged"
        files = f" ({', '.join(result.files)})" if result.files else ""
        out.print(f"{state}: {result.locked.path}{where}{files}, stage {result.locked.stage}")
    kept = sum(result.cache == "agrees" for result in results)
    if broken:
        raise next_step(
            f"{len(broken)} of {len(results)} paths of dvc.lock do not agree",
            "`dvc repro` makes them anew (for a damaged cache object: dvc repro --force STAGE)",
        )
    out.print(
        f"{len(results)} paths agree with dvc.lock; {kept} outputs are sound in the cache too"
    )


def _model_folder(model: str) -> Path:
    """A registered model needs the store; a folder does not even need a configuration."""
    if not model.startswith(("models:/", "runs:/")):
        return Path(model)
    from radimpress.config.load import from_params
    from radimpress.tracking.models import model_folder
    from radimpress.tracking.store import open_store

    return model_folder(open_store(from_params().tracking), model)


def _read_text(file: Path) -> str:
    try:
        raw = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
    except OSError as error:
        problem = f"{file} cannot be read ({error.strerror})"
        raise next_step(problem, "give an existing file") from error
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")


if __name__ == "__main__":
    pin_threads(2)
    main()
