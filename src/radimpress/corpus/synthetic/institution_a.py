"""Institution A: the hospital whose reports the tiny foundation model is pre-trained on.

Adjectives before nouns, a verdict behind a comma, "acute cardiopulmonary process".
"""

from radimpress.corpus.synthetic.devices import DeviceKind, Tip
from radimpress.corpus.synthetic.observations import Cause, Incidental, Observation, Severity
from radimpress.corpus.synthetic.style import Institution, Noun
from radimpress.corpus.synthetic.styles_a import A1, A2, A3

_O = Observation

A = Institution(
    name="A",
    styles=(A1, A2, A3),
    nouns={
        _O.PLEURAL_EFFUSION: (
            Noun("{size} {side} pleural effusion", "{size} bilateral pleural effusions", True),
        ),
        _O.PNEUMOTHORAX: (
            Noun("{size} {side} pneumothorax", None, True),
            Noun("{size} {side} apical pneumothorax", None, True),
        ),
        _O.CARDIOMEGALY: (Noun("{size} cardiomegaly"), Noun("{size} enlargement of the heart")),
        _O.EDEMA: (Noun("{size} pulmonary edema"), Noun("{size} interstitial edema")),
        _O.ATELECTASIS: (
            Noun("{size} {placed} atelectasis"),
            Noun("{size} linear {placed} atelectasis"),
        ),
        _O.CONSOLIDATION: (
            Noun("{placed} consolidation", "{placed} consolidations", True),
            Noun("focal {placed} consolidation", "focal {placed} consolidations", True),
        ),
        _O.LUNG_OPACITY: (
            Noun("{placed} opacity", "{placed} opacities", True),
            Noun("patchy {placed} opacity", "patchy {placed} opacities", True),
        ),
        _O.LUNG_LESION: (
            Noun("{number} mm nodule in {place}", None, True),
            Noun("{number} mm {placed} nodule", None, True),
        ),
        _O.ENLARGED_CARDIOMEDIASTINUM: (
            Noun("{size} widening of the mediastinum"),
            Noun("{size} mediastinal widening"),
        ),
        _O.PLEURAL_OTHER: (Noun("{size} {side} pleural thickening"),),
        _O.FRACTURE: (
            Noun("{side} {ordinal} rib fracture", None, True),
            Noun("fracture of the {side} {ordinal} rib", None, True),
        ),
    },
    headlines={
        _O.PLEURAL_EFFUSION: Noun(
            "{size} {side} pleural effusion", "{size} bilateral pleural effusions", True
        ),
        _O.PNEUMOTHORAX: Noun("{size} {side} pneumothorax", None, True),
        _O.CARDIOMEGALY: Noun("{size} cardiomegaly"),
        _O.EDEMA: Noun("{size} pulmonary edema"),
        _O.ATELECTASIS: Noun("{size} {placed} atelectasis"),
        _O.CONSOLIDATION: Noun("{placed} consolidation", "{placed} consolidations", True),
        _O.LUNG_OPACITY: Noun("{placed} opacity", "{placed} opacities", True),
        _O.LUNG_LESION: Noun("{number} mm {placed} nodule", None, True),
        _O.ENLARGED_CARDIOMEDIASTINUM: Noun("{size} mediastinal widening"),
        _O.PLEURAL_OTHER: Noun("{size} {side} pleural thickening"),
        _O.FRACTURE: Noun("{side} {ordinal} rib fracture", None, True),
    },
    sizes={Severity.MILD: "small", Severity.MODERATE: "moderate", Severity.SEVERE: "large"},
    causes={
        Cause.PNEUMONIA: (", consistent with pneumonia", ", compatible with pneumonia"),
        Cause.POSSIBLE_PNEUMONIA: (", concerning for pneumonia", ", suspicious for pneumonia"),
        Cause.PNEUMONIA_OR_ATELECTASIS: (", possibly representing atelectasis or pneumonia",),
    },
    cause_headlines={
        Cause.PNEUMONIA: ", consistent with pneumonia",
        Cause.POSSIBLE_PNEUMONIA: ", concerning for pneumonia",
        Cause.PNEUMONIA_OR_ATELECTASIS: ", possibly atelectasis or pneumonia",
    },
    absent={
        _O.CONSOLIDATION: ("focal consolidation", "consolidation"),
        _O.PLEURAL_EFFUSION: ("pleural effusion", "effusion"),
        _O.PNEUMOTHORAX: ("pneumothorax",),
        _O.EDEMA: ("pulmonary edema",),
        _O.PNEUMONIA: ("pneumonia",),
        _O.FRACTURE: ("rib fracture",),
    },
    devices={
        DeviceKind.TRACHEAL_TUBE: (
            "{new} endotracheal tube tip is {cm} cm above the carina.",
            "{new} endotracheal tube is {cm} cm above the carina.",
        ),
        DeviceKind.GASTRIC_TUBE: ("{new} nasogastric tube ends in the stomach.",),
        DeviceKind.JUGULAR_LINE: ("{new} {side} internal jugular catheter tip is in the {tip}.",),
        DeviceKind.PICC: ("{new} {side} PICC tip is in the {tip}.",),
        DeviceKind.PORT: ("{new} {side} chest port tip is in the {tip}.",),
        DeviceKind.PACEMAKER: ("{new} {side} chest wall pacemaker is in place.",),
        DeviceKind.STERNOTOMY: ("{new} median sternotomy wires are intact.",),
        DeviceKind.CHEST_TUBE: ("{new} {side} chest tube is in place.",),
    },
    misplaced={
        DeviceKind.TRACHEAL_TUBE: (
            "{new} endotracheal tube tip is {cm} cm above the carina.",
            "{new} endotracheal tube is low, {cm} cm above the carina.",
        ),
        DeviceKind.GASTRIC_TUBE: ("{new} nasogastric tube ends in the distal esophagus.",),
        DeviceKind.JUGULAR_LINE: ("{new} {side} internal jugular catheter tip is in the {tip}.",),
        DeviceKind.PICC: ("{new} {side} PICC tip is in the {tip}.",),
    },
    misplaced_headlines={
        DeviceKind.TRACHEAL_TUBE: "Endotracheal tube {cm} cm above the carina, retract.",
        DeviceKind.GASTRIC_TUBE: "Nasogastric tube in the esophagus, advance.",
        DeviceKind.JUGULAR_LINE: "{side} internal jugular catheter in the {tip}, retract.",
        DeviceKind.PICC: "{side} PICC in the {tip}, retract.",
    },
    device_names={},
    tips={
        Tip.MID_SVC: "mid SVC",
        Tip.LOW_SVC: "low SVC",
        Tip.JUNCTION: "cavoatrial junction",
        Tip.ATRIUM: "atrium",
    },
    incidentals={
        Incidental.GRANULOMA: ("Calcified granuloma is noted.",),
        Incidental.SPINE: ("Degenerative changes of the spine.",),
        Incidental.TORTUOUS_AORTA: ("The aorta is tortuous.",),
        Incidental.CALCIFIED_AORTA: ("Aortic calcifications are noted.",),
        Incidental.HERNIA: ("Small hiatal hernia.",),
        Incidental.SCOLIOSIS: ("Scoliosis of the spine.",),
        Incidental.LOW_VOLUMES: ("Low lung volumes.",),
        Incidental.HYPERINFLATION: ("The lungs are hyperinflated.",),
    },
)
