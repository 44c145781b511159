"""Institution B: the hospital of the bundled corpus.

Place behind the noun in findings, verdicts as verbs or gerunds, "radiographic evidence of", advice.
"""

from radimpress.corpus.synthetic.devices import DeviceKind, Tip
from radimpress.corpus.synthetic.observations import Cause, Incidental, Observation, Severity
from radimpress.corpus.synthetic.style import Institution, Noun
from radimpress.corpus.synthetic.styles_b import B1, B2, B3

_O = Observation

B = Institution(
    name="B",
    styles=(B1, B2, B3),
    nouns={
        _O.PLEURAL_EFFUSION: (
            Noun("{size} {side} pleural effusion", "{size} bilateral pleural effusions", True),
            Noun(
                "{size} pleural effusion on the {side}",
                "{size} pleural effusions on both sides",
                True,
            ),
        ),
        _O.PNEUMOTHORAX: (
            Noun("{size} {side} pneumothorax", None, True),
            Noun("{size} {side} apical pneumothorax", None, True),
        ),
        _O.CARDIOMEGALY: (
            Noun("{size} cardiomegaly"),
            Noun("{size} enlargement of the cardiac silhouette"),
        ),
        _O.EDEMA: (Noun("{size} pulmonary edema"), Noun("{size} interstitial pulmonary edema")),
        _O.ATELECTASIS: (
            Noun("{size} {placed} atelectasis"),
            Noun("{size} streaky {placed} atelectasis"),
        ),
        _O.CONSOLIDATION: (
            Noun("consolidation in {place}", None),
            Noun("airspace consolidation in {place}", None),
        ),
        _O.LUNG_OPACITY: (
            Noun("hazy opacity in {place}", "hazy opacities in {place}", True),
            Noun("ill-defined opacity in {place}", "ill-defined opacities in {place}", True),
        ),
        _O.LUNG_LESION: (
            Noun("{number} mm nodule in {place}", None, True),
            Noun("nodule in {place} measuring {number} mm", None, True),
        ),
        _O.ENLARGED_CARDIOMEDIASTINUM: (
            Noun("{size} mediastinal widening"),
            Noun("{size} widening of the mediastinal contour"),
        ),
        _O.PLEURAL_OTHER: (
            Noun(
                "{size} pleural thickening on the {side}", "{size} pleural thickening on both sides"
            ),
        ),
        _O.FRACTURE: (
            Noun("fracture of {side} rib {number}", None, True),
            Noun("nondisplaced fracture of {side} rib {number}", None, True),
        ),
    },
    headlines={
        _O.PLEURAL_EFFUSION: Noun(
            "{size} {side}-sided effusion", "{size} bilateral effusions", True
        ),
        _O.PNEUMOTHORAX: Noun("{size} pneumothorax on the {side}", None, True),
        _O.CARDIOMEGALY: Noun("{size} cardiac enlargement"),
        _O.EDEMA: Noun("{size} edema"),
        _O.ATELECTASIS: Noun("{size} atelectasis in {place}"),
        _O.CONSOLIDATION: Noun("{placed} consolidation"),
        _O.LUNG_OPACITY: Noun("{placed} opacity", "{placed} opacities", True),
        _O.LUNG_LESION: Noun("nodule of {number} mm in {place}", None, True),
        _O.ENLARGED_CARDIOMEDIASTINUM: Noun("{size} widening of the mediastinum"),
        _O.PLEURAL_OTHER: Noun("{size} {side} pleural thickening"),
        _O.FRACTURE: Noun("{side} rib {number} fracture", None, True),
    },
    sizes={Severity.MILD: "small", Severity.MODERATE: "moderate", Severity.SEVERE: "large"},
    causes={
        Cause.PNEUMONIA: (", in keeping with pneumonia", ", compatible with pneumonia"),
        Cause.POSSIBLE_PNEUMONIA: (
            ", worrisome for pneumonia",
            ", possibly pneumonia",
        ),
        Cause.PNEUMONIA_OR_ATELECTASIS: (", possibly atelectasis or pneumonia",),
    },
    cause_headlines={
        Cause.PNEUMONIA: " compatible with pneumonia",
        Cause.POSSIBLE_PNEUMONIA: " worrisome for pneumonia",
        Cause.PNEUMONIA_OR_ATELECTASIS: ", atelectasis versus pneumonia",
    },
    absent={
        _O.CONSOLIDATION: ("focal consolidation", "airspace consolidation", "consolidation"),
        _O.PLEURAL_EFFUSION: ("pleural effusion", "effusion"),
        _O.PNEUMOTHORAX: ("pneumothorax",),
        _O.EDEMA: ("pulmonary edema", "edema"),
        _O.PNEUMONIA: ("pneumonia",),
        _O.FRACTURE: ("rib fracture",),
    },
    devices={
        DeviceKind.TRACHEAL_TUBE: (
            "The {new} endotracheal tube terminates {cm} cm above the carina.",
            "Tip of the {new} endotracheal tube lies {cm} cm above the carina.",
        ),
        DeviceKind.GASTRIC_TUBE: (
            "The {new} nasogastric tube terminates in the stomach.",
            "The {new} nasogastric tube courses below the diaphragm.",
        ),
        DeviceKind.JUGULAR_LINE: (
            "The {new} {side} internal jugular catheter terminates in the {tip}.",
        ),
        DeviceKind.PICC: ("The {new} {side} PICC terminates in the {tip}.",),
        DeviceKind.PORT: ("The {new} {side} chest port terminates in the {tip}.",),
        DeviceKind.PACEMAKER: (
            "The {new} {side} pectoral pacemaker has two leads.",
            "A {new} {side} pectoral pacemaker is present.",
        ),
        DeviceKind.STERNOTOMY: (
            "The {new} median sternotomy wires are intact.",
            "There are {new} intact median sternotomy wires.",
        ),
        DeviceKind.CHEST_TUBE: (
            "The {new} {side} chest tube is in position.",
            "There is a {new} {side} chest tube.",
        ),
    },
    misplaced={
        DeviceKind.TRACHEAL_TUBE: (
            "The {new} endotracheal tube terminates {cm} cm above the carina.",
            "Tip of the {new} endotracheal tube lies only {cm} cm above the carina.",
        ),
        DeviceKind.GASTRIC_TUBE: (
            "The {new} nasogastric tube terminates in the distal esophagus.",
        ),
        DeviceKind.JUGULAR_LINE: (
            "The {new} {side} internal jugular catheter terminates in the {tip}.",
        ),
        DeviceKind.PICC: ("The {new} {side} PICC terminates in the {tip}.",),
    },
    misplaced_headlines={
        DeviceKind.TRACHEAL_TUBE: "Low endotracheal tube at {cm} cm, withdrawal advised.",
        DeviceKind.GASTRIC_TUBE: "Nasogastric tube too high, advancement advised.",
        DeviceKind.JUGULAR_LINE: "Deep {side} internal jugular catheter, withdrawal advised.",
        DeviceKind.PICC: "Deep {side} PICC, withdrawal advised.",
    },
    device_names={
        DeviceKind.TRACHEAL_TUBE: "endotracheal tube",
        DeviceKind.GASTRIC_TUBE: "nasogastric tube",
        DeviceKind.JUGULAR_LINE: "{side} internal jugular catheter",
        DeviceKind.PICC: "{side} PICC",
        DeviceKind.CHEST_TUBE: "{side} chest tube",
    },
    tips={
        Tip.MID_SVC: "mid superior vena cava",
        Tip.LOW_SVC: "lower superior vena cava",
        Tip.JUNCTION: "cavoatrial junction",
        Tip.ATRIUM: "atrium",
    },
    incidentals={
        Incidental.GRANULOMA: (
            "A calcified granuloma is noted.",
            "There is a calcified granuloma.",
        ),
        Incidental.SPINE: (
            "Degenerative changes are present in the spine.",
            "There is degenerative change of the thoracic spine.",
        ),
        Incidental.TORTUOUS_AORTA: (
            "The thoracic aorta is tortuous.",
            "There is a tortuous aorta.",
        ),
        Incidental.CALCIFIED_AORTA: (
            "Atherosclerotic calcification of the aortic arch.",
            "The aortic arch is calcified.",
        ),
        Incidental.HERNIA: ("A hiatal hernia is present.", "There is a hiatal hernia."),
        Incidental.SCOLIOSIS: ("There is thoracic scoliosis.", "Mild scoliosis is present."),
        Incidental.LOW_VOLUMES: ("Lung volumes are low.", "There are low lung volumes."),
        Incidental.HYPERINFLATION: (
            "The lungs are hyperinflated.",
            "There is hyperinflation of the lungs.",
        ),
    },
)
