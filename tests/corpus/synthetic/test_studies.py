import re
import time
from dataclasses import replace
from itertools import islice

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from radimpress.corpus.normalise import normalise
from radimpress.corpus.synthetic import generate_studies, pairs
from radimpress.corpus.synthetic.observations import Observation, Presence, Severity
from radimpress.corpus.synthetic.quirks import NO_QUIRKS, Quirk
from radimpress.runtime.errors import RadimpressError

COMPARING = re.compile(
    r"\b(prior|previous(ly)?|before|interval|unchanged|not changed|stable|again|increased"
    r"|decreased|progress\w+|regress\w+|persistent|worsen\w+|improv\w+|resolved|no longer|new|newly"
    r"|now|since|compar\w+)\b",
    re.IGNORECASE,
)
NAMES = {  # words that name an observation in either institution
    Observation.PLEURAL_EFFUSION: "effusion",
    Observation.PNEUMOTHORAX: "pneumothora",
    Observation.EDEMA: "edema",
    Observation.CONSOLIDATION: "consolidation",
    Observation.ATELECTASIS: "atelectasis",
    Observation.PLEURAL_OTHER: "pleural thickening",
    Observation.FRACTURE: "fracture",
}
FLUID = (Observation.PLEURAL_EFFUSION, Observation.PNEUMOTHORAX)
SIZES = {Severity.MILD: "small", Severity.MODERATE: "moderate", Severity.SEVERE: "large"}


@pytest.fixture(scope="module", params=["A", "B"])
def studies(request):
    return list(generate_studies(request.param, 1500, 11))


@pytest.fixture(scope="module", params=["A", "B"])
def plain(request):
    return list(generate_studies(request.param, 1500, 11, NO_QUIRKS))


def sentences(text):
    return re.split(r"(?<=[a-z0-9_]\.) (?=[A-Z])", text)


def is_abnormal(stated):
    return any(
        row.presence is not Presence.NEGATIVE
        for observation, row in stated.items()
        if observation not in (Observation.NO_FINDING, Observation.SUPPORT_DEVICES)
    )


def test_the_raw_text_keeps_mimics_layout(studies):
    for study in studies:
        lines = study.raw.splitlines()
        assert all(len(line) <= 79 for line in lines)
        assert lines.count("                                 FINAL REPORT") == 1
        for line in lines:
            if Quirk.LOST_INDENT not in study.quirks and "FINAL REPORT" not in line:
                assert re.match(r" (?! )", line), study.study_id
        assert study.raw.isascii()
        headers = re.findall(r"^ ([A-Z][A-Za-z0-9 ,&]+):", study.raw, re.MULTILINE)
        assert headers


def test_without_quirks_every_section_has_its_header_and_two_spaces(plain):
    for study in plain:
        assert len(re.findall(r"^ FINDINGS:  \S", study.raw, re.MULTILINE)) == 1
        assert len(re.findall(r"^ IMPRESSION: (?: \S|$)", study.raw, re.MULTILINE)) == 1


def test_the_clean_sections_are_in_the_raw_text(studies):
    for study in studies:
        flat = " ".join(study.raw.split())
        assert study.findings in flat
        assert study.impression in flat


def test_only_reports_with_a_prior_compare(plain):
    compared = 0
    for study in plain:
        text = f"{study.findings} {study.impression}"
        if study.has_prior:
            compared += bool(COMPARING.search(text))
        else:
            assert not COMPARING.search(text), study.study_id
            assert all(row.change is None for row in study.observations.values())
    assert compared > 0.5 * sum(study.has_prior for study in plain)


def test_sides_and_sizes_of_the_truth_stand_in_a_sentence_that_names_the_observation(plain):
    checked = 0
    for study in plain:
        for text, rows in (
            (study.findings, study.observations),
            (study.impression, study.impression_observations),
        ):
            for observation, name in NAMES.items():
                row = rows.get(observation)
                if row is None or row.presence is Presence.NEGATIVE:
                    continue
                naming = " ".join(s.lower() for s in sentences(text) if name in s.lower())
                assert naming, study.study_id
                checked += 1
                if len(row.sides) == 1:
                    assert row.sides[0].value in naming
                if len(row.sides) == 2:
                    assert re.search(r"bilateral|both|bibasilar|left.*right|right.*left", naming)
                if row.severity:
                    graded = observation in FLUID
                    word = SIZES[row.severity] if graded else row.severity.value
                    assert word in naming
    assert checked > 1000


def test_the_impression_states_nothing_positive_that_the_findings_do_not(plain):
    for study in plain:
        for observation, row in study.impression_observations.items():
            if row.presence is Presence.NEGATIVE or observation is Observation.NO_FINDING:
                continue
            found = study.observations[observation]
            assert found.presence is not Presence.NEGATIVE
            if found.presence is row.presence:
                assert set(row.sides) <= set(found.sides)


def test_a_negative_that_the_impression_states_was_asked_for_or_has_resolved(plain):
    for study in plain:
        for observation, row in study.impression_observations.items():
            if row.presence is Presence.NEGATIVE and row.change is None:
                assert study.observations[observation].presence is Presence.NEGATIVE


def test_between_a_third_and_a_half_of_the_studies_are_normal(plain):
    normal = sum(
        not is_abnormal(s.observations) and not is_abnormal(s.impression_observations)
        for s in plain
    )
    assert 0.35 <= normal / len(plain) <= 0.45


def test_every_observation_occurs(plain):
    found = {
        observation
        for study in plain
        for observation, row in study.observations.items()
        if row.presence is Presence.POSITIVE
    }
    assert found == set(Observation)


def test_normal_findings_are_almost_never_the_same_twice(plain):
    texts = [normalise(study.findings) for study in plain if not is_abnormal(study.observations)]
    assert len(set(texts)) > 0.9 * len(texts)


def test_findings_never_hold_the_whole_impression_at_institution_b():
    for pair in pairs("B", 1500, 11):
        assert normalise(pair.impression) not in normalise(pair.findings)


def test_missing_sections_have_no_truth(studies):
    for study in studies:
        assert bool(study.observations) == bool(study.findings)
        pointer = Quirk.POINTER in study.quirks
        assert bool(study.impression_observations) == (bool(study.impression) and not pointer)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 2**32), st.sampled_from("AB"), st.integers(1, 40), st.integers(0, 40))
def test_more_reports_do_not_change_the_earlier_ones(seed, institution, few, more):
    long = list(generate_studies(institution, few + more, seed))
    assert list(generate_studies(institution, few, seed)) == long[:few]


def test_quirks_change_the_layout_and_not_the_facts():
    quirky = replace(NO_QUIRKS, wet_read=1.0, findings_list=1.0, small_headers=1.0)
    for plain_study, study in zip(
        generate_studies("B", 200, 3, NO_QUIRKS),
        generate_studies("B", 200, 3, quirky),
        strict=True,
    ):
        assert study.observations == plain_study.observations
        assert study.raw != plain_study.raw


def test_pairs_are_the_same_studies_without_list_numbers():
    studies = generate_studies("B", 300, 5, NO_QUIRKS)
    for study, pair in zip(studies, pairs("B", 300, 5), strict=True):
        assert (pair.study_id, pair.subject_id) == (study.study_id, study.subject_id)
        assert pair.findings == study.findings
        assert pair.source == "synthetic_B"
        assert not re.search(r"(^|\. )\d+\. [A-Z]", pair.impression)


def test_ten_thousand_pairs_take_seconds():
    started = time.process_time()
    assert len(pairs("A", 10_000, 7)) == 10_000
    assert time.process_time() - started < 20  # 3 s on an idle core


@pytest.mark.parametrize(
    ("institution", "reports", "said"),
    [("C", 10, "institution 'C' is unknown"), ("A", 0, "0 reports")],
)
def test_a_wrong_wish_is_answered_in_one_line(institution, reports, said):
    with pytest.raises(RadimpressError, match=re.escape(said)):
        list(islice(generate_studies(institution, reports, 1), 1))
