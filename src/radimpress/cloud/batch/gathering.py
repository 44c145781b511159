"""The output shards of a batch, in the order of its input, where the user wants them."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from radimpress.cloud.batch.store import Store
from radimpress.cloud.batch.work import Shard
from radimpress.cloud.session import Session
from radimpress.cloud.storage import get_text, objects, put_file, put_text
from radimpress.config.fingerprint import fingerprint
from radimpress.corpus.report import Prediction, read_predictions
from radimpress.runtime.atomic import whole_file, write_text
from radimpress.runtime.errors import next_step
from radimpress.runtime.progress import track

PART = re.compile(r"part-(\d{6,})\.parquet")
SUMMARY = "summary.json"
COLUMNS = pa.schema(
    [
        pa.field("study_id", pa.string(), nullable=False),
        pa.field("prediction", pa.string(), nullable=False),
        pa.field("truncated", pa.bool_(), nullable=False),
        pa.field("clipped", pa.bool_(), nullable=False),
    ]
)


def gather(
    session: Session | None,
    store: Store,
    shards: Sequence[Shard],
    output: str,
    facts: dict[str, Any],
) -> int:
    """Check every shard and write all of them to `output` in input order; how many reports.

    `output` is a .parquet or .jsonl file, or a folder here or in S3 that gets one Parquet file a
    shard. One shard is in memory at a time. `facts` go into summary.json beside it, last: where
    that stands, all is there. Raises RadimpressError where a shard does not fit its input, and for
    a folder with parts of a longer batch, which would be read as part of this one.
    """
    _refuse_leftovers(session, output, len(shards))
    count = 0
    with TemporaryDirectory(prefix="radimpress-") as scratch:
        checked = _checked(store, shards, Path(scratch))
        if output.endswith(".parquet"):
            count = _parquet_file(Path(output), checked)
        elif output.endswith(".jsonl"):
            count = _jsonl_file(Path(output), checked)
        elif output.startswith("s3://") and session is not None:
            for number, (path, predictions) in enumerate(checked):
                put_file(session, path, f"{output.rstrip('/')}/part-{number:06}.parquet")
                count += len(predictions)
        else:
            for number, (path, predictions) in enumerate(checked):
                with whole_file(Path(output) / f"part-{number:06}.parquet") as temporary:
                    temporary.write_bytes(path.read_bytes())
                count += len(predictions)
    text = json.dumps({**facts, "reports": count, "shards": len(shards)}, indent=2) + "\n"
    place = summary_place(output)
    if session is not None and place.startswith("s3://"):
        put_text(session, text, place)
    else:
        write_text(place, text)
    return count


def summary_place(output: str) -> str:
    """Where the summary of `output` stands: in the folder, or beside the file."""
    is_file = output.endswith((".parquet", ".jsonl"))
    return f"{output}.{SUMMARY}" if is_file else f"{output.rstrip('/')}/{SUMMARY}"


def is_done(session: Session | None, output: str, key: str) -> bool:
    """Whether `output` holds the whole result of the batch `key` already."""
    place = summary_place(output)
    if output.endswith((".parquet", ".jsonl")) and not Path(output).is_file():
        return False
    if place.startswith("s3://"):
        text = get_text(session, place) if session else None
    else:
        text = Path(place).read_text(encoding="utf-8") if Path(place).is_file() else None
    try:
        return text is not None and json.loads(text).get("key") == key
    except ValueError:
        return False


def _refuse_leftovers(session: Session | None, output: str, shards: int) -> None:
    if output.startswith("s3://") and session is not None:
        names = list(objects(session, output))
    else:
        names = [path.name for path in Path(output).glob("*")]  # none of a file
    numbers = [int(found[1]) for name in names if (found := PART.fullmatch(name))]
    if numbers and max(numbers) >= shards:
        raise next_step(
            f"{output} holds part {max(numbers)} of another batch; this one has {shards} parts",
            "give an empty folder, or remove the old parts; nothing is computed again",
        )


def _checked(
    store: Store, shards: Sequence[Shard], scratch: Path
) -> Iterator[tuple[Path, list[Prediction]]]:
    for shard in track(shards, "gather shards"):
        path = store.fetch(shard.name, scratch)
        predictions = read_predictions(path)
        if fingerprint([p.study_id for p in predictions]) != shard.ids:
            raise next_step(
                f"shard {shard.name} holds {len(predictions)} predictions for other reports than "
                f"the {shard.reports} of its input",
                "delete it in the batch's output folder, then run the same again",
            )
        yield path, predictions
        if path.parent == scratch:
            path.unlink()


def _parquet_file(path: Path, checked: Iterator[tuple[Path, list[Prediction]]]) -> int:
    count = 0
    with (
        whole_file(path) as temporary,
        pq.ParquetWriter(temporary, COLUMNS, compression="zstd") as writer,
    ):
        for _, predictions in checked:
            rows = [asdict(each) for each in predictions]
            writer.write_table(pa.Table.from_pylist(rows, schema=COLUMNS))
            count += len(rows)
    return count


def _jsonl_file(path: Path, checked: Iterator[tuple[Path, list[Prediction]]]) -> int:
    count = 0
    with whole_file(path) as temporary, temporary.open("w", encoding="utf-8") as lines:
        for _, predictions in checked:
            for each in predictions:
                row = {"study_id": each.study_id, "impression": each.prediction}
                lines.write(json.dumps(row, ensure_ascii=False) + "\n")
            count += len(predictions)
    return count
