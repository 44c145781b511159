import gzip
from pathlib import Path

import pytest

from radimpress.corpus.table_file import open_table, shown_names
from radimpress.runtime.errors import RadimpressError


@pytest.mark.parametrize("name", ["a.csv", "a.csv.gz", "misnamed.csv"])
def test_a_table_is_inflated_where_it_is_gzip(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(b"x,y\n" if name == "a.csv" else gzip.compress(b"x,y\n"))
    with open_table(path) as stream:
        assert stream.read() == b"x,y\n"


def test_a_cut_off_gzip_is_refused_with_the_next_step(tmp_path: Path) -> None:
    path = tmp_path / "a.csv.gz"
    path.write_bytes(gzip.compress(b"x,y\n" * 1000)[:-9])
    with (
        pytest.raises(RadimpressError, match="damaged or cut off; next:"),
        open_table(path) as file,
    ):
        file.read()


def test_a_missing_table_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RadimpressError, match="is missing"), open_table(tmp_path / "gone.csv"):
        pass


@pytest.mark.parametrize("cell", ["The lungs are clear.", "x" * 61, "10000032", "a b c d e f g"])
def test_names_that_could_be_data_are_not_shown(cell: str) -> None:
    assert shown_names(["uid", cell]) == "2 that look like data, not names"
    assert shown_names(["uid", "section_clinical_history"]) == "['uid', 'section_clinical_history']"
