"""The impression of a study in one style: what follows from its findings by the style's rules."""

from radimpress.corpus.synthetic.course import LatentStudy
from radimpress.corpus.synthetic.devices import PERMANENT, Device, stated_of_device
from radimpress.corpus.synthetic.observations import (
    Cause,
    Change,
    Finding,
    Observation,
    Presence,
    Severity,
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
from radimpress.corpus.synthetic.style import DevicePolicy, Institution, Style
from radimpress.corpus.synthetic.wording import Sentence, Wording

_O = Observation
IMPORTANCE = (
    _O.PNEUMOTHORAX,
    _O.CONSOLIDATION,
    _O.EDEMA,
    _O.LUNG_LESION,
    _O.LUNG_OPACITY,
    _O.PLEURAL_EFFUSION,
    _O.ENLARGED_CARDIOMEDIASTINUM,
    _O.FRACTURE,
    _O.CARDIOMEGALY,
    _O.ATELECTASIS,
    _O.PLEURAL_OTHER,
)


def impression_wording(
    study: LatentStudy, findings: Wording, institution: Institution, style: Style
) -> Wording:
    """The impression; no chance in it: the same findings text gives the same impression."""
    voice = style.impression
    named = [finding for finding in findings.findings if not _minor(finding, style)]
    if voice.ranked:
        named.sort(key=lambda finding: IMPORTANCE.index(finding.observation))
    sentences = [_misplaced(d, institution) for d in study.devices if d.misplaced]
    sentences += _abnormal(named, institution, style)
    asked = _asked(findings.asked, institution, style)
    if not sentences and not (asked and voice.asked_replaces_normal):
        sentences.append(Sentence(voice.normal))
    sentences += asked
    sentences += _devices(study.devices, institution, style)
    sentences += [Sentence(text) for text in _advice(named, style)]
    return Wording(tuple(sentences))


def _minor(finding: Finding, style: Style) -> bool:
    """Left out: what the style holds for minor, where it is mild (or ungraded) and not worse."""
    return (
        finding.observation in style.impression.minor
        and finding.severity in (Severity.MILD, None)
        and finding.presence is Presence.POSITIVE
        and finding.change in (None, Change.UNCHANGED, Change.DECREASED)
    )


def _abnormal(findings: list[Finding], institution: Institution, style: Style) -> list[Sentence]:
    """One sentence a finding, or one for all that changed alike and can stand in a list."""
    voice = style.impression
    patterns = {id(finding): _pattern(finding, style) for finding in findings}
    if voice.stable and findings and all(f.change is Change.UNCHANGED for f in findings):
        patterns = dict.fromkeys(patterns, f"{voice.stable} {{np}}.")
    groups: list[list[Finding]] = []
    for finding in findings:
        fellow = next(
            (
                group
                for group in groups
                if voice.grouped
                and patterns[id(group[0])] == patterns[id(finding)]
                and not _tail(group[0], institution)
                and not _tail(finding, institution)
            ),
            None,
        )
        if fellow is None:
            groups.append([finding])
        else:
            fellow.append(finding)
    return [_together(group, patterns[id(group[0])], institution) for group in groups]


def _pattern(finding: Finding, style: Style) -> str:
    voice = style.impression
    if finding.presence is Presence.UNCERTAIN:
        return voice.possible
    return voice.present if finding.change is None else voice.changed[finding.change]


def _together(findings: list[Finding], pattern: str, institution: Institution) -> Sentence:
    """`pattern` filled with a finding and what is behind it, or with a list of findings."""
    nouns = [institution.headlines[finding.observation] for finding in findings]
    phrases = [
        noun_phrase(noun, finding, institution.sizes)
        for noun, finding in zip(nouns, findings, strict=True)
    ]
    several = len(findings) > 1
    text = fill(
        pattern,
        listed(phrases, "and"),
        nouns[0].counted and not several,
        several or is_plural(nouns[0], findings[0]),
    )
    states = tuple(stated for finding in findings for stated in stated_of(finding))
    return Sentence(sentence(with_tail(text, _tail(findings[0], institution))), states)


def _tail(finding: Finding, institution: Institution) -> str:
    """Which side is worse and what is behind it; a finding with a tail stands alone."""
    if finding.change is Change.RESOLVED or finding.cause is None:
        return greater_side(finding)
    return greater_side(finding) + institution.cause_headlines[finding.cause]


def _misplaced(device: Device, institution: Institution) -> Sentence:
    pattern = institution.misplaced_headlines[device.kind]
    text = device_phrase(pattern, device, institution.tips)
    return Sentence(sentence(text), (stated_of_device(device),))


def _devices(devices: tuple[Device, ...], institution: Institution, style: Style) -> list[Sentence]:
    voice = style.impression
    fine = [device for device in devices if not device.misplaced]
    if voice.devices is DevicePolicy.ANY and fine:
        return [Sentence(voice.devices_fine, (Stated(_O.SUPPORT_DEVICES, Presence.POSITIVE),))]
    if voice.devices is not DevicePolicy.NEW:
        return []
    return [_new(device, institution, voice.devices_fine) for device in fine if _is_new(device)]


def _is_new(device: Device) -> bool:
    return device.change is Change.NEW and device.kind not in PERMANENT


def _new(device: Device, institution: Institution, pattern: str) -> Sentence:
    name = device_phrase(institution.device_names[device.kind], device, institution.tips)
    return Sentence(sentence(pattern.format(device=name)), (stated_of_device(device),))


def _asked(asked: Observation | None, institution: Institution, style: Style) -> list[Sentence]:
    if asked is None:
        return []
    text = fill(style.impression.asked, institution.absent[asked][0], False, False)
    return [Sentence(sentence(text), (Stated(asked, Presence.NEGATIVE),))]


def _advice(findings: list[Finding], style: Style) -> list[str]:
    """What the style recommends: CT for a nodule that is not stable, follow-up of a pneumonia."""
    voice, advice = style.impression, []
    if any(f.observation is _O.LUNG_LESION and _active(f) for f in findings):
        advice.append(voice.nodule_advice)
    if any(f.cause is Cause.PNEUMONIA and _active(f) for f in findings):
        advice.append(voice.pneumonia_advice)
    return [text for text in advice if text]


def _active(finding: Finding) -> bool:
    return finding.change in (None, Change.NEW, Change.INCREASED)
