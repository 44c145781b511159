import random
import re

import pytest

from radimpress.corpus.synthetic.course import LatentStudy
from radimpress.corpus.synthetic.devices import Device, DeviceKind
from radimpress.corpus.synthetic.findings_text import findings_wording
from radimpress.corpus.synthetic.institution_a import A
from radimpress.corpus.synthetic.institution_b import B
from radimpress.corpus.synthetic.observations import (
    Cause,
    Change,
    Finding,
    Incidental,
    Observation,
    Presence,
    Severity,
    Side,
    Site,
    merged,
)

STYLES = [(house, style) for house in (A, B) for style in house.styles]
each_style = pytest.mark.parametrize(("house", "style"), STYLES, ids=[s.name for _, s in STYLES])
LEFT, RIGHT = (Side.LEFT,), (Side.RIGHT,)


def study(*findings, devices=(), incidentals=(), asks=None, has_prior=False):
    return LatentStudy(has_prior, False, "cough", asks, findings, devices, incidentals)


def worded(latent, house, style, seed=0):
    return findings_wording(latent, house, style, random.Random(seed))


@each_style
def test_side_and_size_of_an_effusion_are_in_its_sentence_and_its_statement(house, style):
    effusion = Finding(Observation.PLEURAL_EFFUSION, Presence.POSITIVE, LEFT, Severity.SEVERE)
    wording = worded(study(effusion), house, style)
    said = next(s for s in wording.sentences if "effusion" in s.text)
    assert "left" in said.text.lower()
    assert "large" in said.text.lower()
    assert (said.states[0].sides, said.states[0].severity) == (LEFT, Severity.SEVERE)


@each_style
def test_lungs_are_never_clear_with_a_consolidation_in_them(house, style):
    consolidation = Finding(
        Observation.CONSOLIDATION, Presence.POSITIVE, RIGHT, site=Site.UPPER, cause=Cause.PNEUMONIA
    )
    for seed in range(40):
        wording = worded(study(consolidation), house, style, seed)
        assert "clear" not in wording.text.lower()
        stated = merged(wording.states)
        assert stated[Observation.CONSOLIDATION].presence is Presence.POSITIVE
        assert stated[Observation.PNEUMONIA].presence is Presence.POSITIVE


@each_style
def test_nothing_is_denied_that_the_study_shows(house, style):
    shown = [
        Finding(Observation.PNEUMOTHORAX, Presence.POSITIVE, RIGHT, Severity.MILD),
        Finding(Observation.CARDIOMEGALY, Presence.POSITIVE, (), Severity.MODERATE),
    ]
    for seed in range(40):
        states = worded(study(*shown), house, style, seed).states
        denied = {s.observation for s in states if s.presence is Presence.NEGATIVE}
        assert not denied & {f.observation for f in shown}


@each_style
def test_an_absent_answer_to_the_indication_is_given_last(house, style):
    wording = worded(study(asks=Observation.PNEUMOTHORAX), house, style)
    assert wording.asked is Observation.PNEUMOTHORAX
    assert "no" in wording.sentences[-1].text.lower()
    assert wording.sentences[-1].states[0].observation is Observation.PNEUMOTHORAX


@each_style
def test_pneumonia_is_not_denied_where_something_is_in_the_lungs(house, style):
    edema = Finding(Observation.EDEMA, Presence.POSITIVE, (), Severity.MILD)
    assert worded(study(edema, asks=Observation.PNEUMONIA), house, style).asked is None


@each_style
def test_a_possible_finding_is_uncertain(house, style):
    maybe = Finding(Observation.PNEUMOTHORAX, Presence.UNCERTAIN, LEFT, Severity.MILD)
    stated = merged(worded(study(maybe), house, style).states)
    assert stated[Observation.PNEUMOTHORAX].presence is Presence.UNCERTAIN


@each_style
def test_comparison_is_made_only_with_a_prior(house, style):
    comparing = re.compile(r"\b(prior|previous|before|interval|unchanged|stable|compar|again)")
    shown = Finding(Observation.EDEMA, Presence.POSITIVE, (), Severity.MILD)
    tube = Device(DeviceKind.TRACHEAL_TUBE, tenths=42)
    for seed in range(40):
        text = worded(study(shown, devices=(tube,)), house, style, seed).text
        assert not comparing.search(text.lower())
        assert "4.2 cm above the carina" in text


@each_style
def test_the_order_of_findings_is_that_of_the_text(house, style):
    findings = (
        Finding(Observation.CARDIOMEGALY, Presence.POSITIVE, (), Severity.MILD),
        Finding(Observation.PLEURAL_EFFUSION, Presence.POSITIVE, LEFT, Severity.MILD),
        Finding(Observation.ATELECTASIS, Presence.POSITIVE, LEFT, Severity.MILD, site=Site.BASE),
    )
    wording = worded(study(*findings), house, style)
    stated = [s.observation for s in wording.states if s.presence is Presence.POSITIVE]
    assert [finding.observation for finding in wording.findings] == stated


def test_a_resolved_finding_is_negative_and_says_so():
    gone = Finding(Observation.PLEURAL_EFFUSION, Presence.NEGATIVE, LEFT, change=Change.RESOLVED)
    wording = worded(study(gone, has_prior=True), B, B.styles[0])
    assert any(
        s.text.startswith("Left pleural effusion seen on the prior radiograph has cleared")
        or s.text.startswith("Pleural effusion on the left seen on the prior radiograph")
        for s in wording.sentences
    )
    assert merged(wording.states)[Observation.PLEURAL_EFFUSION].change is Change.RESOLVED


def test_incidentals_state_nothing_and_keep_contradicting_lines_away():
    for seed in range(60):
        wording = worded(study(incidentals=(Incidental.LOW_VOLUMES,)), B, B.styles[1], seed)
        assert "inflated" not in wording.text
        assert Observation.NO_FINDING in merged(wording.states)
