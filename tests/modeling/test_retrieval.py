from radimpress.corpus.report import Report
from radimpress.modeling.retrieval import Retrieval


def test_the_nearest_training_impressions_come_first(reports: list[Report]) -> None:
    asked = Report("t", "q", "invented", "", "There is a left pleural effusion.", "")
    near = Retrieval(reports, 2).impressions([asked])
    assert near == [["Small left pleural effusion. Cardiomegaly."] * 2]


def test_without_retrieval_every_report_gets_an_empty_list(reports: list[Report]) -> None:
    assert Retrieval(reports, 0).impressions(reports[:3]) == [[], [], []]
    assert Retrieval([], 0).impressions(reports[:1]) == [[]]


def test_a_training_report_never_finds_itself() -> None:
    train = [
        Report("a", "p", "invented", "", "Clear lungs.", "Own."),
        Report("b", "p", "invented", "", "Clear lungs today.", "Same patient."),
        Report("c", "q", "invented", "", "CLEAR LUNGS", "Same text."),
        Report("d", "r", "invented", "", "Large effusion.", "Other."),
    ]
    assert Retrieval(train, 2).impressions(train[:1], own=True) == [["Other."]]
    assert Retrieval(train, 1).impressions(train[:1]) == [["Own."]]


def test_the_impression_of_the_report_asked_about_is_not_read(reports: list[Report]) -> None:
    retrieval = Retrieval(reports, 1)
    asked = Report("t", "q", "invented", "", "Right lower lobe opacity.", "Hyperinflated lungs.")
    assert retrieval.impressions([asked]) == [["Right lower lobe pneumonia."]]
