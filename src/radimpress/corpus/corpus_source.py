"""A corpus to read: where it is and how it is stored."""

from dataclasses import dataclass
from pathlib import Path

from radimpress.config.schema import Columns, CorpusFormat, Data
from radimpress.corpus.csv_table import read_csv
from radimpress.corpus.indiana import read_indiana
from radimpress.corpus.jsonl_table import read_jsonl
from radimpress.corpus.mimic_cxr import read_mimic_cxr
from radimpress.corpus.openi import read_openi
from radimpress.corpus.raw import RawReports


@dataclass(frozen=True, slots=True)
class CorpusSource:
    """A corpus by its name, format and place; `columns` matters to csv and jsonl alone."""

    name: str
    format: CorpusFormat
    path: Path
    columns: Columns

    def read(self, max_bytes: int) -> RawReports:
        """Start reading. Raises RadimpressError, now or later, where the corpus is unreadable."""
        match self.format:
            case CorpusFormat.mimic_cxr:
                return read_mimic_cxr(self.path, max_bytes)
            case CorpusFormat.openi:
                return read_openi(self.path, max_bytes)
            case CorpusFormat.indiana:
                return read_indiana(self.path, max_bytes)
            case CorpusFormat.csv:
                return read_csv(self.path, self.columns, max_bytes)
            case CorpusFormat.jsonl:
                return read_jsonl(self.path, self.columns, max_bytes)


def main_source(data: Data) -> CorpusSource:
    """The corpus that is split into training, validation and test."""
    return CorpusSource(data.name, data.format, Path(data.path), data.columns)


def external_source(data: Data) -> CorpusSource | None:
    """The second test corpus, where one is configured."""
    external = data.external
    if external.name is None or external.path is None:
        return None
    return CorpusSource(external.name, external.format, Path(external.path), external.columns)
