"""Why patients come, what they tend to have and how that develops: the numbers of the generator.

The shares are tuned so that the corpus has about 40% normal studies and roughly the prevalence that
the CheXpert labeller finds in MIMIC-CXR (Johnson et al. 2019, arXiv:1901.07042, table 5).
"""

from dataclasses import dataclass

from radimpress.corpus.synthetic.devices import DeviceKind as Kit
from radimpress.corpus.synthetic.observations import Observation as Obs


@dataclass(frozen=True, slots=True)
class Tendency:
    """How likely a scenario's patient has one observation and how it moves.

    `start`: chance at the first study; `later`: chance a study that it appears afterwards.
    `grades`: weights of mild, moderate, severe. `worse` and `better`: chance a study that the grade
    moves by one. `doubt`: chance that a mild finding is only possible.
    """

    observation: Obs
    start: float
    later: float = 0.05
    grades: tuple[float, float, float] = (5, 3, 1)
    bilateral: float = 0.0
    worse: float = 0.2
    better: float = 0.3
    doubt: float = 0.15


@dataclass(frozen=True, slots=True)
class Scenario:
    """A kind of patient. `asks` are what the referrer wants to know; `reasons` the indications."""

    name: str
    weight: float
    reasons: tuple[str, ...]
    asks: tuple[Obs, ...]
    tendencies: tuple[Tendency, ...] = ()
    devices: tuple[tuple[Kit, float], ...] = ()
    portable: float = 0.1
    studies: tuple[float, ...] = (6, 2, 1)  # weights of having 1, 2, 3, ... studies


SCENARIOS: tuple[Scenario, ...] = (
    Scenario(
        "well",
        0.46,
        (
            "cough",
            "chest pain",
            "positive PPD",
            "planned surgery",
            "dyspnea",
            "palpitations",
        ),
        (Obs.PNEUMONIA, Obs.PNEUMOTHORAX),
        (
            Tendency(Obs.CARDIOMEGALY, 0.03, 0.0, (1, 0, 0)),
            Tendency(Obs.ATELECTASIS, 0.03, 0.02, (1, 0, 0), 0.3),
            Tendency(Obs.LUNG_LESION, 0.015, 0.0),
        ),
        studies=(8, 1.5, 0.5),
    ),
    Scenario(
        "heart failure",
        0.15,
        ("congestive heart failure", "shortness of breath", "weight gain", "leg swelling"),
        (Obs.EDEMA, Obs.PLEURAL_EFFUSION),
        (
            Tendency(Obs.CARDIOMEGALY, 0.85, 0.0, (4, 4, 1), worse=0.05, better=0.02, doubt=0.0),
            Tendency(Obs.EDEMA, 0.6, 0.2, (4, 3, 1), worse=0.25, better=0.45, doubt=0.1),
            Tendency(Obs.PLEURAL_EFFUSION, 0.55, 0.15, (5, 3, 1), 0.6, doubt=0.15),
            Tendency(Obs.ATELECTASIS, 0.2, 0.1, (4, 1, 0), 0.5),
        ),
        ((Kit.PACEMAKER, 0.3), (Kit.STERNOTOMY, 0.3)),
        portable=0.4,
        studies=(3, 3, 2, 1),
    ),
    Scenario(
        "infection",
        0.13,
        ("fever", "fever and cough", "productive cough", "leukocytosis", "hypoxia"),
        (Obs.PNEUMONIA, Obs.PLEURAL_EFFUSION),
        (
            Tendency(Obs.CONSOLIDATION, 0.5, 0.1, (2, 3, 1), 0.1, 0.2, 0.4, 0.05),
            Tendency(Obs.LUNG_OPACITY, 0.45, 0.1, (3, 2, 1), 0.2, 0.2, 0.4, 0.1),
            Tendency(Obs.PLEURAL_EFFUSION, 0.25, 0.1, (6, 2, 1), 0.1),
            Tendency(Obs.PLEURAL_OTHER, 0.03, 0.0, (3, 1, 0), 0.2, 0.05, 0.02),
        ),
        ((Kit.PICC, 0.1),),
        portable=0.25,
        studies=(4, 3, 1, 1),
    ),
    Scenario(
        "intensive care",
        0.13,
        ("respiratory failure", "recent surgery", "intubation", "line placement", "sepsis"),
        (Obs.PNEUMOTHORAX, Obs.EDEMA, Obs.PNEUMONIA),
        (
            Tendency(Obs.ATELECTASIS, 0.55, 0.15, (5, 2, 1), 0.5, doubt=0.1),
            Tendency(Obs.PLEURAL_EFFUSION, 0.5, 0.15, (5, 3, 1), 0.5),
            Tendency(Obs.EDEMA, 0.35, 0.15, (4, 3, 1)),
            Tendency(Obs.LUNG_OPACITY, 0.2, 0.1, bilateral=0.3),
            Tendency(Obs.PNEUMOTHORAX, 0.15, 0.05, (6, 2, 1), doubt=0.1),
            Tendency(Obs.CARDIOMEGALY, 0.25, 0.0, (4, 3, 1), worse=0.05, better=0.05, doubt=0.0),
            Tendency(Obs.ENLARGED_CARDIOMEDIASTINUM, 0.08, 0.02, (3, 1, 0)),
        ),
        (
            (Kit.TRACHEAL_TUBE, 0.55),
            (Kit.GASTRIC_TUBE, 0.45),
            (Kit.JUGULAR_LINE, 0.5),
            (Kit.PICC, 0.15),
            (Kit.CHEST_TUBE, 0.2),
            (Kit.STERNOTOMY, 0.2),
        ),
        portable=0.95,
        studies=(2, 3, 3, 2, 1, 1),
    ),
    Scenario(
        "trauma",
        0.06,
        ("a fall", "chest trauma", "motor vehicle collision", "rib pain"),
        (Obs.PNEUMOTHORAX, Obs.FRACTURE),
        (
            Tendency(Obs.FRACTURE, 0.6, 0.0, (1, 0, 0), worse=0.0, better=0.0, doubt=0.15),
            Tendency(Obs.PNEUMOTHORAX, 0.3, 0.1, (6, 2, 1), 0.0, 0.2, 0.4, 0.1),
            Tendency(Obs.LUNG_OPACITY, 0.2, 0.05),
            Tendency(Obs.PLEURAL_EFFUSION, 0.2, 0.1, (6, 2, 1), 0.1),
        ),
        ((Kit.CHEST_TUBE, 0.12),),
        portable=0.4,
    ),
    Scenario(
        "oncology",
        0.07,
        ("lung cancer", "lymphoma", "breast cancer", "weight loss"),
        (Obs.PLEURAL_EFFUSION, Obs.PNEUMONIA),
        (
            Tendency(Obs.LUNG_LESION, 0.6, 0.05, (3, 3, 2), 0.0, 0.2, 0.1, 0.1),
            Tendency(Obs.PLEURAL_EFFUSION, 0.35, 0.1, (4, 3, 2), 0.1),
            Tendency(Obs.ENLARGED_CARDIOMEDIASTINUM, 0.25, 0.02, (3, 2, 1), worse=0.1, better=0.1),
            Tendency(Obs.ATELECTASIS, 0.25, 0.05, (4, 1, 0), 0.2),
            Tendency(Obs.PLEURAL_OTHER, 0.12, 0.0, (3, 1, 0), 0.2, 0.05, 0.02),
        ),
        ((Kit.PORT, 0.5),),
        studies=(3, 3, 2, 1),
    ),
)
