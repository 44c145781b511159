import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radimpress.modeling.history import LogRecord
from radimpress.tracking.live import training_run
from radimpress.tracking.record_lines import METRICS, WANTED, read_record, record_line

NUMBERS = st.none() | st.floats(allow_nan=False, allow_infinity=False)


@given(st.integers(0, 10**7), st.floats(0, 1000), NUMBERS, NUMBERS, NUMBERS, NUMBERS)
def test_what_is_written_is_read_back(step, epoch, train, validation, rate, speed):
    record = LogRecord(step, epoch, train, validation, rate, speed)
    assert read_record("12:00 " + record_line(record)) == record


@pytest.mark.parametrize(
    "line", ["", "step 3", 'radimpress-record {"step": 3', "radimpress-record 3"]
)
def test_other_and_broken_lines_hold_none(line):
    assert read_record(line) is None


def test_a_record_of_a_newer_version_is_read_as_far_as_it_is_known():
    assert read_record('radimpress-record {"step": 3, "epoch": 0.5, "new": 1}') == LogRecord(3, 0.5)


def test_sagemakers_patterns_find_every_number():
    line = record_line(LogRecord(3, 0.5, 1.25, 2.5e-05, 0.001, 1234.5))
    found = {name: float(re.search(regex, line)[1]) for name, regex in METRICS.items()}
    assert found == {
        "train:loss": 1.25,
        "val:loss": 2.5e-05,
        "train:learning_rate": 0.001,
        "train:tokens_per_second": 1234.5,
    }


def test_the_pattern_of_one_finds_no_other():
    line = record_line(LogRecord(3, 0.5, train_loss=1.25))
    assert re.search(METRICS["val:loss"], line) is None


def test_in_a_job_the_run_is_a_log(config, monkeypatch, capsys, tmp_path):
    monkeypatch.setenv(WANTED, "1")
    with training_run(config, tmp_path) as on_log:
        on_log(LogRecord(3, 0.5, 1.25))
    assert read_record(capsys.readouterr().out.strip()) == LogRecord(3, 0.5, 1.25)
