import json
from dataclasses import replace

from radimpress.cloud.batch.work import Settings, Shard, batch_key
from radimpress.config.schema import Config, Generation
from radimpress.corpus.report import Report
from radimpress.modeling.recipe import Decoding


def test_settings_travel_as_json():
    settings = Settings.of(Config(generation=Generation(num_beams=4, batch_size=7)))
    assert Settings.from_plain(json.loads(json.dumps(settings.plain()))) == settings
    assert (settings.decoding.num_beams, settings.batch_size) == (4, 7)


def test_the_key_changes_with_everything_that_decides_the_result():
    settings = Settings.of(Config())
    other = replace(settings, decoding=Decoding(9))
    keys = {
        batch_key("input", "model", settings, 10),
        batch_key("input2", "model", settings, 10),
        batch_key("input", "model2", settings, 10),
        batch_key("input", "model", other, 10),
        batch_key("input", "model", settings, 11),
    }
    assert len(keys) == 5
    assert batch_key("input", "model", settings, 10) in keys


def test_a_shard_is_named_by_its_place_and_content():
    reports = [Report("a", "", "", "", "x", ""), Report("b", "", "", "", "y", "")]
    shard = Shard.of(12, reports, "0123456789abcdef")
    assert (shard.name, shard.reports) == ("000012-0123456789ab.parquet", 2)
    assert shard.ids != Shard.of(12, reports[::-1], "0123456789abcdef").ids
