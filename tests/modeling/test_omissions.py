import pytest

from radimpress.corpus.report import Report
from radimpress.modeling.omissions import Trial, omitted, trial, with_omitted

CLEAR = "No acute cardiopulmonary abnormality."
FINDINGS = "The heart is enlarged. There is a small left pleural effusion. No pneumothorax."


def test_a_pathology_that_the_impression_leaves_out_is_found_in_the_order_of_the_findings():
    assert omitted(FINDINGS, CLEAR) == [
        "The heart is enlarged",
        "There is a small left pleural effusion",
    ]
    assert omitted(FINDINGS, "Small left effusion.") == ["The heart is enlarged"]
    assert omitted(FINDINGS, "Cardiomegaly with a left effusion.") == []


@pytest.mark.parametrize(
    "findings",
    [
        "The lungs are clear. No pleural effusion.",
        "Possible left basilar pneumonia.",  # doubtful: the model may weigh it
        "A right internal jugular line ends in the superior vena cava.",
        "",
    ],
)
def test_what_is_excluded_doubtful_or_no_pathology_is_not_missed(findings):
    assert omitted(findings, CLEAR) == []
    assert with_omitted(findings, CLEAR) == CLEAR


def test_what_implies_a_finding_conveys_it():
    assert omitted("There is a right basilar opacity.", "Right lower lobe pneumonia.") == []


def test_omitted_sentences_stand_first_and_once():
    completed = with_omitted(FINDINGS, CLEAR)
    assert completed == (f"The heart is enlarged. There is a small left pleural effusion. {CLEAR}")
    assert with_omitted(FINDINGS, completed) == completed


def report(findings, impression):
    return Report("s1", "p1", "test", "", findings, impression)


def test_a_trial_weighs_both_by_rouge_l():
    reports = [report("The heart is enlarged.", "The heart is enlarged.")]
    tried = trial(reports, ["Clear."])
    assert tried.left == 0.0
    assert tried.stated == pytest.approx(2 * (4 / 5) / (4 / 5 + 1))  # 4 of 5 words, all 4 recalled
    assert tried.helps


def test_normal_and_abnormal_reports_count_alike_however_many_there_are():
    """Nine normal reports lose a little by a wrong addition; one abnormal gains much."""
    wrong = report("The heart is enlarged.", CLEAR)
    right = report("Small left effusion.", "Small left effusion.")
    tried = trial([wrong] * 9 + [right], [CLEAR] * 10)
    lost = 2 * (4 / 8) / (4 / 8 + 1)  # 4 words more before the 4 of the reference
    gained = 2 * (3 / 7) / (3 / 7 + 1)
    assert tried.left == pytest.approx((1 + 0) / 2)
    assert tried.stated == pytest.approx((lost + gained) / 2)
    assert tried.helps


def test_an_equal_score_leaves_the_text_alone():
    assert not trial([report("The lungs are clear.", CLEAR)], [CLEAR]).helps
    assert not Trial(0.5, 0.5).helps
