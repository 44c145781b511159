import pytest

from radimpress.baselines.system import System
from radimpress.baselines.systems import BUILDERS, build
from radimpress.config.schema import Config
from radimpress.corpus.report import Prediction, Report


class Echo:
    name = "echo"

    def generate(self, reports):
        return [Prediction(report.study_id, report.findings) for report in reports]


REPORTS = [Report(f"s{i}", "", "t", "", f"Small effusion {i}.", f"Effusion {i}.") for i in range(4)]


def test_a_class_with_a_name_and_generate_is_a_system():
    system: System = Echo()
    assert system.generate(REPORTS)[0] == Prediction("s0", "Small effusion 0.", False, False)


@pytest.mark.parametrize("name", sorted(BUILDERS))
def test_every_baseline_answers_each_report_in_order_under_its_own_name(name):
    system = build(name, REPORTS, Config())
    predictions = system.generate(REPORTS[::-1])
    assert system.name == name
    assert [p.study_id for p in predictions] == ["s3", "s2", "s1", "s0"]
    assert all(p.prediction and not p.truncated and not p.clipped for p in predictions)


@pytest.mark.parametrize("name", sorted(BUILDERS))
def test_no_baseline_reads_the_impression_it_is_asked_for(name):
    system = build(name, REPORTS, Config())
    hidden = [Report(r.study_id, "", "t", "", r.findings, "HIDDEN") for r in REPORTS]
    assert system.generate(hidden) == system.generate(REPORTS)


@pytest.mark.parametrize("name", sorted(BUILDERS))
def test_no_report_asked_for_is_no_prediction(name):
    assert build(name, REPORTS, Config()).generate([]) == []
