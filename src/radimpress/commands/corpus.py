"""Raw reports: look into one, make up many."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from radimpress.config.schema import Profile
from radimpress.runtime.errors import next_step


def sections(
    file: Annotated[Path, typer.Argument(help="One raw report; - is standard input.")],
    profile: Annotated[Profile, typer.Option(help="How headers are read.")] = Profile.robust,
) -> None:
    """Show what the parser makes of one raw report: how to debug a corpus.

    Prints one JSON object {background, findings, impression, dropped}; dropped is null or the
    reason why the cleaning stage would leave the report out.

    Example: radimpress sections s50414267.txt --profile mediqa
    """
    from radimpress.corpus.sections import parse

    print(json.dumps(parse(_read_text(file), profile)._asdict(), indent=2, ensure_ascii=False))


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
    from radimpress.commands.console import out
    from radimpress.corpus.synthetic import write_corpus

    write_corpus(folder, institution, reports, seed)
    out.print(f"{reports:,} generated reports of institution {institution} in {folder}")


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
