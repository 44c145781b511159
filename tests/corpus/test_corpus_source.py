import json
import tarfile
import zipfile
from pathlib import Path

import pytest

from radimpress.config.schema import Columns, CorpusFormat, Data, External
from radimpress.corpus.corpus_source import CorpusSource, external_source, main_source

COLUMNS = Columns(study_id="study_id", findings="findings", impression="impression")
RECORD = {"study_id": "1", "findings": "Clear.", "impression": "Normal."}


def written(folder: Path, kind: CorpusFormat) -> Path:
    path = folder / kind.value
    match kind:
        case CorpusFormat.mimic_cxr:
            with zipfile.ZipFile(path, "w") as archive:
                archive.writestr("files/p10/p10/s1.txt", "x")
        case CorpusFormat.openi:
            path = folder / "a.tgz"
            (folder / "1.xml").write_text("<a/>")
            with tarfile.open(path, "w:gz") as tar:
                tar.add(folder / "1.xml", "1.xml")
        case CorpusFormat.indiana:
            path.write_text(json.dumps([RECORD]))
        case CorpusFormat.csv:
            path.write_text("study_id,findings,impression\n1,Clear.,Normal.\n")
        case CorpusFormat.jsonl:
            path.write_text(json.dumps(RECORD))
    return path


@pytest.mark.parametrize("kind", list(CorpusFormat))
def test_every_format_has_its_reader(tmp_path: Path, kind: CorpusFormat) -> None:
    source = CorpusSource("x", kind, written(tmp_path, kind), COLUMNS)
    assert [report.study_id for report in source.read(1000).reports] == ["1"]


def test_sources_come_from_the_configuration() -> None:
    data = Data(name="a", format=CorpusFormat.csv, path="a.csv", columns=COLUMNS)
    assert main_source(data) == CorpusSource("a", CorpusFormat.csv, Path("a.csv"), COLUMNS)
    assert external_source(data) is None
    data.external = External(name="b", format=CorpusFormat.jsonl, path="b.jsonl", columns=COLUMNS)
    assert external_source(data) == CorpusSource("b", CorpusFormat.jsonl, Path("b.jsonl"), COLUMNS)
