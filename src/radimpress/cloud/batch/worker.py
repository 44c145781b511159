"""Writes the predictions of every shard in a folder; runs here and on rented machines alike.

python -m radimpress.cloud.batch.worker MODEL SHARDS OUT SETTINGS.json [PART OF]
"""

import json
import sys
from collections.abc import Sequence
from pathlib import Path

from radimpress.cloud.batch.work import Settings
from radimpress.corpus.cleaning import clean_text
from radimpress.corpus.report import Report, read_reports, write_predictions
from radimpress.modeling.recipe import TextCleaning
from radimpress.modeling.summarizer import Summarizer
from radimpress.runtime.errors import RadimpressError
from radimpress.runtime.progress import track


def write_shards(
    model: Path, shards: Path, out: Path, settings: Settings, share: tuple[int, int] = (0, 1)
) -> int:
    """Write `out`/NAME for each `shards`/NAME that has none; how many were written.

    `share` is (part, of): this process takes every `of`-th shard. A file in `out` is whole: it is
    written elsewhere and moved there, because what appears in `out` is uploaded at once.
    """
    names = sorted(path.name for path in shards.glob("*.parquet"))[share[0] :: share[1]]
    missing = [name for name in names if not (out / name).is_file()]
    if not missing:
        return 0
    scratch = out.parent / f"{out.name}.unfinished"
    scratch.mkdir(parents=True, exist_ok=True)
    out.mkdir(parents=True, exist_ok=True)
    summarizer = Summarizer.from_folder(
        model,
        settings.device,
        settings.precision,
        "shard",
        settings.batch_size,
        settings.decoding,
        engine=settings.engine,
    )
    for name in track(missing, "shards"):
        reports = cleaned(read_reports(shards / name), summarizer.recipe.cleaning)
        write_predictions(scratch / name, summarizer.generate(reports))
        (scratch / name).replace(out / name)
    return len(missing)


def cleaned(reports: Sequence[Report], cleaning: TextCleaning) -> list[Report]:
    """Raw text as the training text was cleaned."""

    def clean(text: str) -> str:
        return clean_text(text, cleaning.list_numbers, cleaning.placeholder)

    return [Report(r.study_id, "", "", clean(r.background), clean(r.findings), "") for r in reports]


def main(arguments: Sequence[str]) -> None:
    """Run from the command line; one line for what a user can mend."""
    model, shards, out, settings, *share = arguments
    plain = json.loads(Path(settings).read_text(encoding="utf-8"))
    part, of = map(int, share or (0, 1))
    try:
        write_shards(Path(model), Path(shards), Path(out), Settings.from_plain(plain), (part, of))
    except RadimpressError as error:
        sys.exit(f"error: {error}")
    except Exception as error:  # its message could quote a report
        sys.exit(f"error: {type(error).__name__} while shards were written")


if __name__ == "__main__":
    main(sys.argv[1:])
