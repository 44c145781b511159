import pytest

from radimpress.config.schema import Profile
from radimpress.corpus.sections import parse, parse_all

REPORT = " WET READ:  Fine.\n FINDINGS:  Clear.\n IMPRESSION:  Rib 7. No air.\n"


@pytest.mark.parametrize(
    ("profile", "background", "impression"),
    [(Profile.robust, "", "Rib 7. No air."), (Profile.mediqa, "WET READ: Fine.", "Rib No air.")],
)
def test_the_profile_decides_how_a_report_is_parsed(
    profile: Profile, background: str, impression: str
) -> None:
    parsed = parse(REPORT, profile)
    assert (parsed.background, parsed.impression) == (background, impression)
    assert (parsed.findings, parsed.dropped) == ("Clear.", None)


@pytest.mark.parametrize("profile", Profile)
def test_many_reports_are_parsed_as_each_of_them_alone(profile: Profile) -> None:
    texts = [
        REPORT,
        "",
        REPORT.replace(" ", "\t"),
        REPORT.replace("air", "é\xa0 air"),
        "\0" + REPORT,
    ]
    assert parse_all(texts, profile) == [parse(text, profile) for text in texts]
