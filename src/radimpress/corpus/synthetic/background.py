"""What stands before the findings: examination, indication, technique, comparison."""

import random

from radimpress.corpus.synthetic.course import LatentStudy
from radimpress.corpus.synthetic.layout import Section
from radimpress.corpus.synthetic.observations import Observation

ASKS = {
    Observation.PNEUMONIA: "pneumonia",
    Observation.PNEUMOTHORAX: "pneumothorax",
    Observation.EDEMA: "edema",
    Observation.PLEURAL_EFFUSION: "effusion",
    Observation.FRACTURE: "fracture",
}
CHANCE_HEADER = {"EXAMINATION": 0.7, "TECHNIQUE": 0.55, "COMPARISON": 0.85}


def background_sections(study: LatentStudy, rng: random.Random) -> tuple[Section, ...]:
    """The sections in MIMIC's usual order; which ones there are varies from report to report.

    COMPARISON says "None." where there is no prior and never where there is one.
    """
    sections = []
    if rng.random() < CHANCE_HEADER["EXAMINATION"]:
        sections.append(Section("EXAMINATION", (_examination(study, rng),)))
    header = rng.choices(["INDICATION", "HISTORY", "CLINICAL INFORMATION"], [6, 3, 1])[0]
    sections.append(Section(header, (_indication(study, rng),)))
    if rng.random() < CHANCE_HEADER["TECHNIQUE"]:
        sections.append(Section("TECHNIQUE", (_technique(study, rng),)))
    if rng.random() < CHANCE_HEADER["COMPARISON"]:
        sections.append(Section("COMPARISON", (_comparison(study, rng),)))
    return tuple(sections)


def _examination(study: LatentStudy, rng: random.Random) -> str:
    if study.portable:
        return rng.choice(["CHEST (PORTABLE AP)", "Chest radiograph, portable AP"])
    return rng.choice(["CHEST (PA AND LAT)", "Chest radiographs, PA and lateral"])


def _indication(study: LatentStudy, rng: random.Random) -> str:
    person = rng.choice(["___ year old man", "___ year old woman", "___-year-old male", "___F"])
    text = f"{person} with {study.reason}"
    if study.asks:
        asks = ASKS[study.asks]
        return text + rng.choice([f" // ?{asks}", f". Evaluate for {asks}.", f". Rule out {asks}."])
    return f"{text}."


def _technique(study: LatentStudy, rng: random.Random) -> str:
    if study.portable:
        return rng.choice(["Portable AP view of the chest.", "Single frontal view of the chest."])
    return rng.choice(["PA and lateral views of the chest.", "Chest PA and lateral."])


def _comparison(study: LatentStudy, rng: random.Random) -> str:
    if not study.has_prior:
        return rng.choice(["None.", "None available."])
    return rng.choice(["___.", "Chest radiograph from ___.", "Radiographs of ___ and ___."])
