import random

from radimpress.corpus.synthetic.course import LatentStudy
from radimpress.corpus.synthetic.devices import Device, DeviceKind
from radimpress.corpus.synthetic.findings_text import findings_wording
from radimpress.corpus.synthetic.impression_text import impression_wording
from radimpress.corpus.synthetic.institution_a import A
from radimpress.corpus.synthetic.institution_b import B
from radimpress.corpus.synthetic.observations import (
    Cause,
    Change,
    Finding,
    Observation,
    Presence,
    Severity,
    Side,
    Site,
)

A1, A2, A3 = A.styles
B1, B2, B3 = B.styles
LEFT, RIGHT, BOTH = (Side.LEFT,), (Side.RIGHT,), (Side.LEFT, Side.RIGHT)
EFFUSION = Finding(
    Observation.PLEURAL_EFFUSION, Presence.POSITIVE, LEFT, Severity.MILD, Change.INCREASED
)
HEART = Finding(
    Observation.CARDIOMEGALY, Presence.POSITIVE, (), Severity.MODERATE, Change.INCREASED
)
ATELECTASIS = Finding(
    Observation.ATELECTASIS, Presence.POSITIVE, BOTH, Severity.MILD, site=Site.BASE
)


def concluded(house, style, *findings, devices=(), asks=None, seed=0):
    study = LatentStudy(True, False, "cough", asks, findings, devices, ())
    findings = findings_wording(study, house, style, random.Random(seed))
    return impression_wording(study, findings, house, style).text


def test_each_style_concludes_in_its_own_words():
    assert concluded(A, A1, EFFUSION) == "Small left pleural effusion, increased."
    assert concluded(A, A2, EFFUSION) == "Increased small left pleural effusion."
    assert concluded(B, B1, EFFUSION) == "Worsening small left-sided effusion."
    assert concluded(B, B2, EFFUSION) == "Small left-sided effusion has progressed."
    assert concluded(B, B3, EFFUSION) == "Progression of small left-sided effusion."


def test_a_normal_study_has_the_styles_normal_sentence():
    assert concluded(A, A1) == "No acute cardiopulmonary process."
    assert concluded(B, B1) == "No radiographic evidence of acute cardiopulmonary disease."


def test_what_changed_alike_is_said_in_one_sentence_by_a_grouping_style():
    assert concluded(B, B1, HEART, EFFUSION) == (
        "Worsening small left-sided effusion and moderate cardiac enlargement."
    )
    assert concluded(B, B2, HEART, EFFUSION) == (
        "Small left-sided effusion has progressed. Moderate cardiac enlargement has progressed."
    )


def test_mild_atelectasis_is_left_out_by_style_b1_even_alone():
    assert concluded(B, B1, ATELECTASIS) == B1.impression.normal
    assert concluded(B, B2, ATELECTASIS) == "Mild atelectasis in both lung bases."


def test_a_minor_finding_that_is_new_is_not_left_out():
    new = Finding(
        Observation.ATELECTASIS,
        Presence.POSITIVE,
        LEFT,
        Severity.MILD,
        Change.NEW,
        site=Site.BASE,
    )
    assert concluded(B, B1, new) == "Newly developed mild atelectasis in the left lung base."


def test_the_cause_and_the_advice_follow_the_finding():
    pneumonia = Finding(
        Observation.CONSOLIDATION,
        Presence.POSITIVE,
        RIGHT,
        change=Change.NEW,
        site=Site.LOWER,
        cause=Cause.PNEUMONIA,
    )
    assert concluded(B, B1, pneumonia) == (
        "Newly developed right lower lobe consolidation compatible with pneumonia. "
        "Follow-up radiographs are advised to document clearing."
    )


def test_a_stable_nodule_needs_no_ct_and_a_new_one_does():
    def nodule(change):
        return Finding(
            Observation.LUNG_LESION,
            Presence.POSITIVE,
            LEFT,
            change=change,
            site=Site.UPPER,
            number=8,
        )

    assert concluded(B, B2, nodule(Change.NEW)) == (
        "Nodule of 8 mm in the left upper lobe is a new finding. Chest CT is suggested."
    )
    assert "CT" not in concluded(B, B2, nodule(Change.UNCHANGED))


def test_a_style_with_a_word_for_stability_says_it_once_where_nothing_changed():
    same = [
        Finding(f.observation, f.presence, f.sides, f.severity, Change.UNCHANGED)
        for f in (EFFUSION, HEART)
    ]
    assert concluded(B, B3, *same) == (
        "Stable appearance with small left-sided effusion and moderate cardiac enlargement."
    )


def test_a_misplaced_tube_comes_first_and_a_well_placed_one_by_policy():
    low = Device(DeviceKind.TRACHEAL_TUBE, tenths=12, misplaced=True)
    fine = Device(DeviceKind.PICC, Side.RIGHT, change=Change.NEW)
    assert concluded(B, B1, EFFUSION, devices=(low,)) == (
        "Low endotracheal tube at 1.2 cm, withdrawal advised. Worsening small left-sided effusion."
    )
    assert "PICC" not in concluded(B, B1, EFFUSION, devices=(fine,))
    assert concluded(B, B2, devices=(fine,)).endswith("New right PICC in satisfactory position.")
    assert concluded(B, B3, devices=(fine,)).endswith("Lines and tubes in satisfactory position.")


def test_the_answer_to_the_indication_replaces_or_follows_the_normal_sentence():
    asks = Observation.PNEUMOTHORAX
    assert concluded(B, B1, asks=asks) == "No radiographic evidence of pneumothorax."
    assert concluded(B, B2, asks=asks) == f"{B2.impression.normal} Negative for pneumothorax."


def test_doubt_is_carried_over():
    maybe = Finding(Observation.PNEUMOTHORAX, Presence.UNCERTAIN, LEFT, Severity.MILD)
    assert concluded(B, B1, maybe) == "Suspected small pneumothorax on the left."
    assert concluded(B, B2, maybe) == "Small pneumothorax on the left is not excluded."


def test_the_wording_of_the_findings_does_not_change_the_impression():
    for style in B.styles:
        texts = {concluded(B, style, EFFUSION, HEART, ATELECTASIS, seed=n) for n in range(20)}
        assert len(texts) == 1
