import json
from dataclasses import replace

import pytest

from radimpress.cloud.batch.work import Settings
from radimpress.cloud.batch.worker import cleaned, main, write_shards
from radimpress.config.schema import Config, ListNumbers
from radimpress.corpus.report import Report, read_predictions, write_reports
from radimpress.modeling.recipe import Decoding, TextCleaning
from radimpress.modeling.summarizer import Summarizer

SETTINGS = replace(Settings.of(Config()), decoding=Decoding(8))


@pytest.fixture
def shards(tmp_path):
    for number in range(4):
        rows = [Report(f"s{number}{n}", "", "", "", f"1. Clear {n}.", "") for n in range(3)]
        write_reports(tmp_path / "in" / f"{number}.parquet", rows)
    return tmp_path / "in"


def test_processes_share_the_shards_and_write_what_a_model_here_writes(
    model_folder, shards, tmp_path
):
    out = tmp_path / "out"
    assert write_shards(model_folder, shards, out, SETTINGS, (1, 2)) == 2
    assert sorted(path.name for path in out.iterdir()) == ["1.parquet", "3.parquet"]
    assert write_shards(model_folder, shards, out, SETTINGS, (0, 2)) == 2
    assert write_shards(model_folder, shards, out, SETTINGS) == 0
    here = Summarizer.from_folder(model_folder, decoding=Decoding(8))
    texts = here.summarize([f"1. Clear {n}." for n in range(3)], study_ids=["s20", "s21", "s22"])
    assert read_predictions(out / "2.parquet") == texts


def test_raw_text_is_cleaned_as_the_training_text_was():
    raw = Report("s", "patient", "x", "1. Cough", "1. Clear.\n2. XXXX", "SECRET")
    (report,) = cleaned([raw], TextCleaning(ListNumbers.strip, "___"))
    assert report == Report("s", "", "", "Cough", "Clear. ___", "")


def test_a_mistake_is_one_line(tmp_path, shards):
    (tmp_path / "settings.json").write_text(json.dumps(SETTINGS.plain()))
    with pytest.raises(SystemExit, match="error: .*has no config.json"):
        main([str(tmp_path), str(shards), str(tmp_path / "out"), str(tmp_path / "settings.json")])
