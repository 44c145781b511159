"""The findings section of a study in one style."""

import random
from collections.abc import Iterable

from radimpress.corpus.synthetic.course import LatentStudy
from radimpress.corpus.synthetic.devices import Device, stated_of_device
from radimpress.corpus.synthetic.normality import Subject
from radimpress.corpus.synthetic.observations import (
    LUNGS,
    Change,
    Finding,
    Observation,
    Presence,
    Stated,
    stated_of,
)
from radimpress.corpus.synthetic.phrases import (
    device_phrase,
    fill,
    greater_side,
    is_plural,
    listed,
    noun_phrase,
    sentence,
    with_tail,
)
from radimpress.corpus.synthetic.regions import DENIED, INCIDENTAL_REGION, REGION_OF, Region
from radimpress.corpus.synthetic.style import Institution, Style
from radimpress.corpus.synthetic.wording import Sentence, Wording

_O = Observation
CHANCE_DENIED = 0.8
CHANCE_ONE_LIST = 0.5


def findings_wording(
    study: LatentStudy, institution: Institution, style: Style, rng: random.Random
) -> Wording:
    """Put the study into words; everything `rng` decides is wording, never a fact."""
    voice = style.findings
    said: frozenset[Subject] = frozenset(
        {*study.incidentals, *(s.observation for f in study.findings for s in stated_of(f))}
    )
    asked = _asked(study, said)
    lists = _denied_lists(said | {asked} if asked else said, rng)
    sentences: list[Sentence] = []
    ordered: list[Finding] = []
    if study.has_prior and (opening := rng.choice(voice.opening)):
        sentences.append(Sentence(opening))
    for region in voice.order:
        if region is Region.DEVICES:
            sentences += [_device(device, institution, rng) for device in study.devices]
        for finding in study.findings:
            if REGION_OF[finding.observation] is region:
                ordered.append(finding)
                sentences.append(_abnormal(finding, institution, style, rng))
        for incidental in study.incidentals:
            if INCIDENTAL_REGION[incidental] is region:
                sentences.append(Sentence(rng.choice(institution.incidentals[incidental])))
        sentences += _normal(region, style, said, rng)
        if absent := lists.get(region):
            sentences.append(_denial(absent, institution, style, rng))
    if asked:
        pattern = rng.choice(voice.asked)
        text = fill(pattern, institution.absent[asked][0], False, False)
        sentences.append(Sentence(sentence(text), _negative([asked])))
    return Wording(tuple(sentences), tuple(ordered), asked)


def _asked(study: LatentStudy, said: frozenset[Subject]) -> Observation | None:
    """What the indication asks for, where it is absent and nothing else answers the question."""
    if study.asks is None or study.asks in said:
        return None
    return None if study.asks is _O.PNEUMONIA and said & LUNGS else study.asks


def _abnormal(
    finding: Finding, institution: Institution, style: Style, rng: random.Random
) -> Sentence:
    voice = style.findings
    noun = rng.choice(institution.nouns[finding.observation])
    if finding.presence is Presence.UNCERTAIN:
        patterns = voice.possible
    elif finding.change is None:
        patterns = voice.present
    else:
        patterns = voice.changed[finding.change]
    phrase = noun_phrase(noun, finding, institution.sizes)
    text = fill(rng.choice(patterns), phrase, noun.counted, is_plural(noun, finding))
    tail = greater_side(finding)
    if finding.cause is not None and finding.change is not Change.RESOLVED:
        tail += rng.choice(institution.causes[finding.cause])
    return Sentence(sentence(with_tail(text, tail)), stated_of(finding))


def _device(device: Device, institution: Institution, rng: random.Random) -> Sentence:
    table = institution.misplaced if device.misplaced else institution.devices
    text = device_phrase(rng.choice(table[device.kind]), device, institution.tips)
    tail = ", unchanged" if device.change is Change.UNCHANGED else ""
    return Sentence(sentence(with_tail(text, tail)), (stated_of_device(device),))


def _normal(
    region: Region, style: Style, said: frozenset[Subject], rng: random.Random
) -> Iterable[Sentence]:
    """One line a slot, of those that deny nothing that the study has or had."""
    for slot in style.findings.normal.get(region, ()):
        open_lines = [line for line in slot if not said & ({*line.denies} | line.unless)]
        if not open_lines or rng.random() >= style.findings.fullness:
            continue
        line = rng.choice(open_lines)
        yield Sentence(line.text, _negative(line.denies))


def _denied_lists(said: frozenset[Subject], rng: random.Random) -> dict[Region, list[Observation]]:
    """Which absent observations are denied and where: lungs and pleura apart, or in one list."""
    lists: dict[Region, list[Observation]] = {}
    together = rng.random() < CHANCE_ONE_LIST
    for region, observations in DENIED.items():
        for observation in observations:
            if observation not in said and rng.random() < CHANCE_DENIED:
                lists.setdefault(Region.PLEURA if together else region, []).append(observation)
    for absent in lists.values():
        rng.shuffle(absent)
    return lists


def _denial(
    absent: list[Observation], institution: Institution, style: Style, rng: random.Random
) -> Sentence:
    nouns = [rng.choice(institution.absent[observation]) for observation in absent]
    pattern = rng.choice(style.findings.denied)
    text = pattern.format(list=listed(nouns, "or"))
    return Sentence(sentence(text), _negative(absent))


def _negative(observations: Iterable[Observation]) -> tuple[Stated, ...]:
    return tuple(Stated(observation, Presence.NEGATIVE) for observation in observations)
