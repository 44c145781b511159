"""Training records as lines of a log: how a job's curves reach whoever follows it.

One line is `radimpress-record {"step": 20, "train_loss": 1.25, ...}`. The follower turns it back
into a record for MLflow, and SageMaker reads its numbers by the patterns in METRICS.
"""

import json
import os
from dataclasses import asdict, fields

from radimpress.modeling.history import LogRecord

WANTED = "RADIMPRESS_RECORD_LINES"  # set in a job: records are printed
MARK = "radimpress-record "
_NUMBER = r"([-+0-9.eE]+)"
METRICS = {  # names as in the MLflow run; a regular expression of each
    "train:loss": rf'{MARK}.*"train_loss": {_NUMBER}',
    "val:loss": rf'{MARK}.*"validation_loss": {_NUMBER}',
    "train:learning_rate": rf'{MARK}.*"learning_rate": {_NUMBER}',
    "train:tokens_per_second": rf'{MARK}.*"tokens_per_second": {_NUMBER}',
}


def wanted() -> bool:
    """Whether this process runs where its output is all that is seen of it."""
    return WANTED in os.environ


def record_line(record: LogRecord) -> str:
    """`record` as a line; what was not measured is left out."""
    plain = {name: value for name, value in asdict(record).items() if value is not None}
    return MARK + json.dumps(plain)


def read_record(line: str) -> LogRecord | None:
    """The record that a line of a log holds; None where it holds none, or was cut off."""
    _, mark, text = line.partition(MARK)
    if not mark:
        return None
    try:
        plain = json.loads(text)
        known = {field.name for field in fields(LogRecord)}
        return LogRecord(**{name: value for name, value in plain.items() if name in known})
    except (ValueError, TypeError, AttributeError):
        return None
