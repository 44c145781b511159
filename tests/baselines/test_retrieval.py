from radimpress.baselines.retrieval import Retrieval
from radimpress.corpus.report import Report


def report(study: str, findings: str, impression: str) -> Report:
    return Report(study, "", "t", "", findings, impression)


TRAIN = [
    report("a", "The lungs are clear.", "Normal."),
    report("b", "Large left effusion.", "Effusion."),
    report("c", "The lungs are clear", "Clear."),
]


def test_the_impression_of_the_nearest_training_findings_is_said():
    asked = [report("x", "A left effusion.", "?"), report("y", "Lungs clear.", "?")]
    said = [(p.study_id, p.prediction) for p in Retrieval(TRAIN).generate(asked)]
    assert said == [("x", "Effusion."), ("y", "Normal.")]
