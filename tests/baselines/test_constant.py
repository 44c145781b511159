from radimpress.baselines.constant import Constant
from radimpress.corpus.report import Report


def reports(*impressions: str) -> list[Report]:
    return [Report(f"s{i}", "", "t", "", "Findings.", text) for i, text in enumerate(impressions)]


def test_the_most_frequent_training_impression_is_said_of_all():
    system = Constant(reports("Edema.", "Normal.", "Normal.", "Scar."))
    assert [p.prediction for p in system.generate(reports("a", "b"))] == ["Normal.", "Normal."]


def test_of_equally_frequent_impressions_the_first_as_text_is_said():
    train = reports("Scar.", "Edema.", "Scar.", "Edema.", "A mass.")
    assert Constant(train).impression == Constant(train[::-1]).impression == "Edema."
