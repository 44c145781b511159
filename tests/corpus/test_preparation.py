import pytest

from radimpress.config.schema import Cleaning, Profile
from radimpress.corpus.cleaning import NormalPair
from radimpress.corpus.preparation import Rules, fingerprint, prepare
from radimpress.corpus.raw import Fault, SectionedReport, Unreadable, WholeReport

ROBUST = Rules("mine", Profile.robust, Cleaning())
CONTENT = b" FINDINGS:  1. XXXX are\n clear.\n IMPRESSION:  1. Rib 7. No air.\n"


def test_each_report_is_kept_dropped_or_quarantined() -> None:
    prepared = prepare(
        ROBUST,
        [
            WholeReport("1", "7", CONTENT),
            SectionedReport("2", "7", "Indication: Cough.", "Lungs are clear.", "2. No disease."),
            SectionedReport("3", "7", "", "", "No disease."),
            SectionedReport("4", "7", "", "Lungs are clear.", "As above."),
            Unreadable("5", Fault.LINK),
            WholeReport("6", "7", b"\0"),
        ],
    )
    assert prepared.read == 6
    assert prepared.kept == [
        ("1", "7", "mine", "", "___ are clear.", "Rib 7. No air."),
        ("2", "7", "mine", "Indication: Cough.", "Lungs are clear.", "No disease."),
    ]
    assert prepared.dropped == {"no_findings": 1, "impression_points_elsewhere": 1}
    assert prepared.quarantined == [("5", Fault.LINK), ("6", Fault.NOT_TEXT)]
    assert len(prepared.fingerprints) == 2


def test_repaired_reports_are_kept_and_counted() -> None:
    prepared = prepare(
        ROBUST,
        [
            WholeReport("1", "", CONTENT.replace(b"clear", b"cl\xe9ar")),
            SectionedReport("2", "", "", "Lungs are clear.", "No disease.", repaired=True),
        ],
    )
    assert (prepared.repaired, prepared.kept[0][4]) == (2, "___ are cléar.")


def test_the_mediqa_profile_leaves_its_texts_to_the_letter() -> None:
    rules = Rules("mine", Profile.mediqa, Cleaning())
    raw = b" \n FINDINGS:  1. XXXX are\n clear.\n IMPRESSION:  1. Rib 7. No air 10. X.\n"
    assert prepare(rules, [WholeReport("1", "", raw)]).kept == [
        ("1", "", "mine", "FINDINGS", "1. XXXX are clear.", "Rib No air 10. X.")
    ]


@pytest.mark.parametrize(
    ("other", "same"),
    [
        (("LUNGS are ____.", "1. No disease"), True),
        (("Lungs are ___. No", "disease"), False),
        (("Lungs are ___.", "No diseases"), False),
    ],
)
def test_a_fingerprint_stands_for_the_normalised_pair(other: tuple[str, str], same: bool) -> None:
    one = fingerprint(NormalPair.of("Lungs are XXXX.", "No disease."))
    assert len(one) == 16
    assert (fingerprint(NormalPair.of(*other)) == one) is same
