"""Institution B: the hospital of the bundled corpus.

Place behind the noun in findings, verdicts as verbs or gerunds, "radiographic evidence of", advice.
"""

from radimpress.corpus.synthetic.devices import DeviceKind, Tip
from radimpress.corpus.synthetic.observations import (
    LUNGS,
    Cause,
    Change,
    Incidental,
    Observation,
    Severity,
)
from radimpress.corpus.synthetic.style import (
    DevicePolicy,
    FindingsVoice,
    ImpressionVoice,
    Institution,
    Line,
    Noun,
    Region,
    Style,
)

_O = Observation
_HEART = (_O.CARDIOMEGALY,)
_MEDIASTINUM = (_O.ENLARGED_CARDIOMEDIASTINUM,)
_SILHOUETTE = (*_HEART, *_MEDIASTINUM)
_CLEAR = (_O.LUNG_OPACITY, _O.CONSOLIDATION)
_BONES: frozenset[Observation | Incidental] = frozenset(
    {_O.FRACTURE, Incidental.SPINE, Incidental.SCOLIOSIS}
)
_AORTA: frozenset[Observation | Incidental] = frozenset(
    {Incidental.TORTUOUS_AORTA, Incidental.CALCIFIED_AORTA}
)
_INFLATED: frozenset[Observation | Incidental] = LUNGS | {
    Incidental.LOW_VOLUMES,
    Incidental.HYPERINFLATION,
}
_DRY = (_O.EDEMA,)

B1 = Style(
    "B1",
    0.45,
    FindingsVoice(
        order=(Region.DEVICES, Region.HEART, Region.LUNGS, Region.PLEURA, Region.BONES),
        present=("There {is} {a_np}.", "{a_np} {is} demonstrated.", "{a_np} {is} evident."),
        possible=("{a_np} {is} difficult to exclude.", "There {is} a suggestion of {np}."),
        changed={
            Change.NEW: (
                "{a_np} {has} developed in the interval.",
                "There {is} {a_np} which {is} new.",
            ),
            Change.INCREASED: (
                "{np} {has} increased in extent since the prior radiograph.",
                "{np} {is} more extensive than on the prior radiograph.",
            ),
            Change.DECREASED: (
                "{np} {has} decreased in extent since the prior radiograph.",
                "{np} {is} less extensive than on the prior radiograph.",
            ),
            Change.UNCHANGED: (
                "{np} {is} without interval change.",
                "{np} {is} similar to the prior radiograph.",
            ),
            Change.RESOLVED: ("{np} seen on the prior radiograph {has} cleared.",),
        },
        opening=("Comparison is made with the radiograph of ___.", "", ""),
        denied=(
            "There is no evidence of {list}.",
            "No {list} is demonstrated.",
            "There is no {list} to suggest acute disease.",
        ),
        asked=("In particular there is no evidence of {np}.",),
        normal={
            Region.HEART: (
                (
                    Line("The heart is of normal size.", _HEART),
                    Line("The cardiac silhouette is of normal size.", _HEART),
                    Line("Cardiac size is within normal limits.", _HEART),
                    Line("The heart size is within the normal range.", _HEART),
                    Line("The heart is not enlarged.", _HEART),
                ),
                (
                    Line("The mediastinal contours are within normal limits.", _MEDIASTINUM),
                    Line("The mediastinal and hilar contours are normal.", _MEDIASTINUM),
                    Line("The mediastinum is of normal width.", _MEDIASTINUM),
                    Line("The hilar contours are normal."),
                    Line("The mediastinal contours are preserved.", _MEDIASTINUM),
                ),
            ),
            Region.LUNGS: (
                (
                    Line("The lungs are clear.", _CLEAR, LUNGS),
                    Line("The lungs are well aerated and clear.", _CLEAR, _INFLATED),
                    Line("Both lungs are clear throughout.", _CLEAR, LUNGS),
                    Line("The lungs are fully expanded and clear.", _CLEAR, _INFLATED),
                ),
                (
                    Line("The pulmonary vasculature is normal.", _DRY),
                    Line("The pulmonary vessels are of normal caliber.", _DRY),
                    Line("The trachea is midline."),
                ),
            ),
            Region.BONES: (
                (
                    Line("The visualized bones are unremarkable.", (), _BONES),
                    Line("The bony thorax is intact.", (), _BONES),
                    Line("No acute fracture is demonstrated.", (_O.FRACTURE,)),
                    Line("The soft tissues are unremarkable."),
                ),
                (
                    Line("The upper abdomen is unremarkable."),
                    Line("The visualized upper abdomen is normal."),
                    Line("There is no free air under the diaphragm."),
                ),
            ),
        },
        fullness=0.75,
    ),
    ImpressionVoice(
        present="{np}.",
        possible="Suspected {np}.",
        changed={
            Change.NEW: "Newly developed {np}.",
            Change.INCREASED: "Worsening {np}.",
            Change.DECREASED: "Improving {np}.",
            Change.UNCHANGED: "Persistent {np}.",
            Change.RESOLVED: "{np} {has} cleared.",
        },
        grouped=True,
        ranked=True,
        numbered=False,
        normal="No radiographic evidence of acute cardiopulmonary disease.",
        asked="No radiographic evidence of {np}.",
        asked_replaces_normal=True,
        minor=frozenset({_O.ATELECTASIS, _O.PLEURAL_OTHER}),
        devices=DevicePolicy.NONE,
        devices_fine="",
        stable="",
        nodule_advice="Further evaluation by chest CT is advised.",
        pneumonia_advice="Follow-up radiographs are advised to document clearing.",
    ),
)

B2 = Style(
    "B2",
    0.35,
    FindingsVoice(
        order=(Region.LUNGS, Region.PLEURA, Region.HEART, Region.BONES, Region.DEVICES),
        present=("{a_np} {is} identified.", "The examination shows {a_np}."),
        possible=("{a_np} {is} not entirely excluded.", "{a_np} may be present."),
        changed={
            Change.NEW: ("{a_np} {is} identified that was not present before.",),
            Change.INCREASED: ("{np} {has} progressed.", "{np} {is} larger than before."),
            Change.DECREASED: ("{np} {has} partially resolved.", "{np} {is} smaller than before."),
            Change.UNCHANGED: ("{np} {is} again identified.", "{np} {has} not changed."),
            Change.RESOLVED: ("The previous {np} {is} no longer identified.",),
        },
        opening=("",),
        denied=(
            "{list} is not identified.",
            "No {list} is identified.",
            "The examination shows no {list}.",
        ),
        asked=("Attention to the clinical question shows no {np}.",),
        normal={
            Region.HEART: (
                (
                    Line("Cardiomediastinal silhouette is within normal limits.", _SILHOUETTE),
                    Line("Cardiac and mediastinal contours are normal.", _SILHOUETTE),
                    Line("Normal appearance of the heart and mediastinum.", _SILHOUETTE),
                    Line("Heart size is normal.", _HEART),
                    Line("Mediastinal contours are normal.", _MEDIASTINUM),
                ),
                (
                    Line("Hila are unremarkable."),
                    Line("Aorta is normal.", (), _AORTA),
                    Line("Trachea is midline."),
                ),
            ),
            Region.LUNGS: (
                (
                    Line("Lungs are clear.", _CLEAR, LUNGS),
                    Line("Lungs are clear bilaterally.", _CLEAR, LUNGS),
                    Line("Lungs are normally inflated and clear.", _CLEAR, _INFLATED),
                    Line("No abnormal parenchymal opacity.", _CLEAR, LUNGS),
                ),
                (
                    Line("Pulmonary vascularity is normal.", _DRY),
                    Line("Normal vascularity.", _DRY),
                ),
            ),
            Region.BONES: (
                (
                    Line("Osseous structures are normal.", (), _BONES),
                    Line("Bones are intact.", (), _BONES),
                    Line("No fracture is identified.", (_O.FRACTURE,)),
                    Line("Bones and soft tissues are unremarkable.", (), _BONES),
                ),
                (
                    Line("No free air below the diaphragm."),
                    Line("Diaphragm is normal."),
                    Line("Upper abdomen is normal."),
                ),
            ),
        },
        fullness=0.75,
    ),
    ImpressionVoice(
        present="{np}.",
        possible="{np} {is} not excluded.",
        changed={
            Change.NEW: "{np} {is} a new finding.",
            Change.INCREASED: "{np} {has} progressed.",
            Change.DECREASED: "{np} {has} improved.",
            Change.UNCHANGED: "{np} {is} unchanged.",
            Change.RESOLVED: "{np} {has} resolved.",
        },
        grouped=False,
        ranked=True,
        numbered=True,
        normal="No radiographic evidence of acute cardiopulmonary disease.",
        asked="Negative for {np}.",
        asked_replaces_normal=False,
        minor=frozenset({_O.CARDIOMEGALY}),
        devices=DevicePolicy.NEW,
        devices_fine="New {device} in satisfactory position.",
        stable="",
        nodule_advice="Chest CT is suggested.",
        pneumonia_advice="",
    ),
)

B3 = Style(
    "B3",
    0.2,
    FindingsVoice(
        order=(Region.PLEURA, Region.LUNGS, Region.HEART, Region.DEVICES, Region.BONES),
        present=("{np}.", "{np} {is} apparent."),
        possible=("Equivocal {np}.", "Question of {np}."),
        changed={
            Change.NEW: ("New {np}.", "{np}, not seen previously."),
            Change.INCREASED: ("{np}, now greater.", "{np}, increased."),
            Change.DECREASED: ("{np}, now less.", "{np}, decreased."),
            Change.UNCHANGED: ("{np}, no change.", "{np}, stable."),
            Change.RESOLVED: ("Prior {np} no longer seen.",),
        },
        opening=("Compared to ___.", ""),
        denied=("No {list}.", "Absent {list}.", "Free of {list}."),
        asked=("As to the question, no {np}.",),
        normal={
            Region.HEART: (
                (
                    Line("Normal heart and mediastinum.", _SILHOUETTE),
                    Line("Heart and mediastinum within normal limits.", _SILHOUETTE),
                    Line("Normal cardiac size.", _HEART),
                    Line("Normal mediastinum.", _MEDIASTINUM),
                ),
                (Line("Normal hila."), Line("Midline trachea."), Line("Normal aorta.", (), _AORTA)),
            ),
            Region.LUNGS: (
                (
                    Line("Clear lungs.", _CLEAR, LUNGS),
                    Line("Lungs clear.", _CLEAR, LUNGS),
                    Line("Clear well inflated lungs.", _CLEAR, _INFLATED),
                ),
                (
                    Line("Normal vessels.", _DRY),
                    Line("Vasculature normal.", _DRY),
                ),
            ),
            Region.BONES: (
                (
                    Line("Bones intact.", (), _BONES),
                    Line("Normal bones.", (), _BONES),
                    Line("Bones normal for age.", (), _BONES),
                ),
                (Line("Normal upper abdomen."), Line("Normal diaphragm."), Line("No free air.")),
            ),
        },
        fullness=0.8,
    ),
    ImpressionVoice(
        present="{np}.",
        possible="Question of {np}.",
        changed={
            Change.NEW: "Interval appearance of {np}.",
            Change.INCREASED: "Progression of {np}.",
            Change.DECREASED: "Regression of {np}.",
            Change.UNCHANGED: "No change in {np}.",
            Change.RESOLVED: "{np} no longer present.",
        },
        grouped=True,
        ranked=False,
        numbered=False,
        normal="No acute disease.",
        asked="No {np}.",
        asked_replaces_normal=True,
        minor=frozenset({_O.PLEURAL_OTHER}),
        devices=DevicePolicy.ANY,
        devices_fine="Satisfactory position of devices.",
        stable="Stable appearance with",
        nodule_advice="CT advised.",
        pneumonia_advice="",
    ),
)

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
        _O.EDEMA: Noun("{size} edema of the lungs"),
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
            ", which could represent pneumonia",
        ),
        Cause.PNEUMONIA_OR_ATELECTASIS: (", which could represent atelectasis or pneumonia",),
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
