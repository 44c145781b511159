"""The generator: from an institution and a seed to studies with raw text and truth."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import count, islice

from radimpress.corpus.list_numbers import strip_list_numbers
from radimpress.corpus.report import Report
from radimpress.corpus.synthetic.background import background_sections
from radimpress.corpus.synthetic.composition import composed
from radimpress.corpus.synthetic.course import LatentStudy, patient_course
from radimpress.corpus.synthetic.findings_text import findings_wording
from radimpress.corpus.synthetic.impression_text import impression_wording
from radimpress.corpus.synthetic.institution_a import A
from radimpress.corpus.synthetic.institution_b import B
from radimpress.corpus.synthetic.observations import Observation, Stated, merged
from radimpress.corpus.synthetic.quirks import NO_QUIRKS, Quirk, QuirkRates, drawn_quirks
from radimpress.corpus.synthetic.streams import stream, study_number, subject_number
from radimpress.corpus.synthetic.style import Institution
from radimpress.runtime.errors import next_step

INSTITUTIONS: Mapping[str, Institution] = {"A": A, "B": B}
SOURCE = "synthetic"


@dataclass(frozen=True, slots=True)
class SyntheticStudy:
    """One generated study.

    `raw` is the file as MIMIC-CXR would hold it. `findings` and `impression` are what a perfect
    parser finds there: single-spaced, list numbers kept, "" for a section that is not there
    or not told from the other. `observations` is what `findings` states,
    `impression_observations` what `impression` states: nothing where it only points elsewhere.
    `images` (1 or 2) stand in the split file.
    """

    study_id: str
    subject_id: str
    institution: str
    style: str
    has_prior: bool
    raw: str
    background: str
    findings: str
    impression: str
    observations: Mapping[Observation, Stated]
    impression_observations: Mapping[Observation, Stated]
    quirks: tuple[Quirk, ...]
    images: int


def generate_studies(
    institution: str, reports: int, seed: int, rates: QuirkRates | None = None
) -> Iterator[SyntheticStudy]:
    """`reports` studies, subject after subject, each subject's in the order of time.

    The first studies are the same however many are asked for: every subject draws from streams of
    its own. Raises RadimpressError for an unknown institution or fewer than one report.
    """
    house = _house(institution)
    if reports < 1:
        raise next_step(f"{reports} reports were asked for", "ask for at least one")
    return islice(_endless(house, seed, QuirkRates() if rates is None else rates), reports)


def pairs(institution: str, reports: int, seed: int) -> list[Report]:
    """Clean pairs straight from the generator, for pre-training: no quirks, no list numbers.

    They are the studies of `generate_studies` with the same facts and wording.
    """
    studies = generate_studies(institution, reports, seed, NO_QUIRKS)
    return [
        Report(
            study_id=study.study_id,
            subject_id=study.subject_id,
            source=f"{SOURCE}_{institution}",
            background=study.background,
            findings=study.findings,
            impression=strip_list_numbers(study.impression),
        )
        for study in studies
    ]


def _house(institution: str) -> Institution:
    if institution not in INSTITUTIONS:
        known = ", ".join(INSTITUTIONS)
        raise next_step(f"institution {institution!r} is unknown", f"choose one of: {known}")
    return INSTITUTIONS[institution]


def _endless(house: Institution, seed: int, rates: QuirkRates) -> Iterator[SyntheticStudy]:
    for subject in count():
        course = patient_course(stream(house.name, seed, subject, "course"))
        for index, study in enumerate(course):
            yield _study(house, seed, subject, index, study, rates)


def _study(
    house: Institution, seed: int, subject: int, index: int, study: LatentStudy, rates: QuirkRates
) -> SyntheticStudy:
    words = stream(house.name, seed, subject, index, "words")
    style = words.choices(house.styles, [style.weight for style in house.styles])[0]
    findings = findings_wording(study, house, style, words)
    impression = impression_wording(study, findings, house, style)
    layout = stream(house.name, seed, subject, index, "layout")
    background = background_sections(study, layout)
    images = 1 if study.portable else 2
    quirks = drawn_quirks(rates, stream(house.name, seed, subject, index, "quirks"))
    composition = composed(
        background,
        [sentence.text for sentence in findings.sentences],
        [sentence.text for sentence in impression.sentences],
        style.impression.numbered,
        study.portable,
        quirks,
        layout,
    )
    concluded = composition.impression and Quirk.POINTER not in quirks
    return SyntheticStudy(
        study_id=str(study_number(house.name, seed, subject, index)),
        subject_id=str(subject_number(house.name, seed, subject)),
        institution=house.name,
        style=style.name,
        has_prior=study.has_prior,
        raw=composition.raw,
        background=composition.background,
        findings=composition.findings,
        impression=composition.impression,
        observations=merged(findings.states) if composition.findings else {},
        impression_observations=merged(impression.states) if concluded else {},
        quirks=tuple(quirk for quirk in Quirk if quirk in quirks),
        images=images,
    )
