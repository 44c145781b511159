import itertools

import pytest

from radimpress.corpus.synthetic.course import GRADES, patient_course
from radimpress.corpus.synthetic.devices import PERMANENT
from radimpress.corpus.synthetic.observations import Change, Presence, Side, Site
from radimpress.corpus.synthetic.streams import MOST_STUDIES, stream


@pytest.fixture(scope="module")
def courses():
    return [patient_course(stream("courses", subject)) for subject in range(1500)]


def findings_of(courses):
    return [f for course in courses for study in course for f in study.findings]


def by_observation(study):
    return {finding.observation: finding for finding in study.findings}


def test_only_the_first_study_has_no_prior(courses):
    for course in courses:
        assert 1 <= len(course) <= MOST_STUDIES
        assert [study.has_prior for study in course] == [False] + [True] * (len(course) - 1)


def test_nothing_changes_without_a_prior(courses):
    for course in courses:
        assert all(finding.change is None for finding in course[0].findings)
        assert all(device.change is None for device in course[0].devices)


def test_a_change_is_what_the_two_studies_show(courses):
    seen = set()
    for before, now in (pair for course in courses for pair in itertools.pairwise(course)):
        earlier = by_observation(before)
        for finding in now.findings:
            old = earlier.get(finding.observation)
            was = old is not None and old.presence is not Presence.NEGATIVE
            seen.add(finding.change)
            if finding.change is None:
                continue
            assert was == (finding.change is not Change.NEW)
            if was and finding.severity and old.severity:
                moved = GRADES.index(finding.severity) - GRADES.index(old.severity)
                if finding.change is Change.UNCHANGED:
                    assert moved == 0
                if finding.change is Change.INCREASED:
                    assert moved == 1
                if finding.change is Change.DECREASED:
                    assert moved == -1
    assert seen == {None, *Change}


def test_a_finding_keeps_its_side_and_site_through_the_course(courses):
    for course in courses:
        for before, now in itertools.pairwise(course):
            earlier = by_observation(before)
            for finding in now.findings:
                if old := earlier.get(finding.observation):
                    assert (finding.sides, finding.site) == (old.sides, old.site)


def test_what_has_resolved_is_absent_and_has_no_cause(courses):
    for finding in findings_of(courses):
        assert (finding.presence is Presence.NEGATIVE) == (finding.change is Change.RESOLVED)
        if finding.change is Change.RESOLVED:
            assert finding.cause is None
            assert finding.severity is None


def test_only_the_right_lung_has_a_middle_lobe(courses):
    middle = [f for f in findings_of(courses) if f.site is Site.MIDDLE]
    assert middle
    assert all(finding.sides == (Side.RIGHT,) for finding in middle)


def test_only_bilateral_findings_have_a_worse_side(courses):
    graded = [finding for finding in findings_of(courses) if finding.greater]
    assert graded
    assert all(len(finding.sides) == 2 for finding in graded)


def test_permanent_hardware_stays(courses):
    for before, now in (pair for course in courses for pair in itertools.pairwise(course)):
        kinds = {device.kind for device in now.devices}
        assert {d.kind for d in before.devices if d.kind in PERMANENT} <= kinds
        assert len(kinds) == len(now.devices)
