import pytest

from radimpress.cloud.batch.estimate import estimate, refuse_dear_batch
from radimpress.corpus.report import Report
from radimpress.runtime.errors import RadimpressError

SAMPLE = [Report("s", "", "", "", "word " * 30, "")]


def test_twice_the_machines_take_half_the_hours_beyond_the_start(there, model_folder):
    one = estimate(there, model_folder, 10**9, SAMPLE, 1)
    two = estimate(there, model_folder, 10**9, SAMPLE, 2)
    assert one.hours - 0.1 == pytest.approx(2 * (two.hours - 0.1))
    assert one.usd == pytest.approx(one.hours * 0.115)


def test_the_ceiling_counts_what_was_paid_already(there, model_folder):
    there.compute.job.max_cost_usd, there.compute.job.max_hours = 1.15, 100.0
    assert estimate(there, model_folder, 10, SAMPLE, 2).ceiling_hours == pytest.approx(5.0)
    assert estimate(there, model_folder, 10, SAMPLE, 2, 4.0).ceiling_hours == pytest.approx(3.0)
    there.compute.job.max_hours = 2.0
    assert estimate(there, model_folder, 10, SAMPLE, 2).ceiling_hours == 2.0


def test_what_would_be_stopped_before_its_end_is_not_started(there, model_folder):
    refuse_dear_batch(estimate(there, model_folder, 10, SAMPLE, 1), there)
    paid = estimate(there, model_folder, 10, SAMPLE, 1, spent=9.0)
    with pytest.raises(RadimpressError, match=r"not started: 10 reports on 1 x ml.m5.large"):
        refuse_dear_batch(paid, there)
