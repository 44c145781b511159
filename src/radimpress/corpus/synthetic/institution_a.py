"""Institution A: the hospital whose reports the tiny foundation model is pre-trained on.

Adjectives before nouns, a verdict behind a comma, "acute cardiopulmonary process".
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

_HEART_SLOTS = (
    (
        Line("The heart size is normal.", _HEART),
        Line("Heart size is normal.", _HEART),
        Line("Heart size is within normal limits.", _HEART),
        Line("The heart is normal in size.", _HEART),
    ),
    (
        Line("The mediastinal contours are normal.", _MEDIASTINUM),
        Line("Mediastinal contours are unremarkable.", _MEDIASTINUM),
        Line("Mediastinal and hilar contours are normal.", _MEDIASTINUM),
        Line("The mediastinum is not widened.", _MEDIASTINUM),
    ),
)
_LUNG_SLOTS = (
    (
        Line("The lungs are clear.", _CLEAR, LUNGS),
        Line("Lungs are clear.", _CLEAR, LUNGS),
        Line("The lungs are well expanded and clear.", _CLEAR, _INFLATED),
        Line("Both lungs are clear.", _CLEAR, LUNGS),
    ),
)
_BONE_SLOTS = (
    (
        Line("No acute fracture.", (_O.FRACTURE,)),
        Line("The osseous structures are unremarkable.", (), _BONES),
        Line("Osseous structures are intact.", (), _BONES),
        Line("The upper abdomen is unremarkable."),
    ),
)

A1 = Style(
    "A1",
    0.4,
    FindingsVoice(
        order=(Region.DEVICES, Region.LUNGS, Region.PLEURA, Region.HEART, Region.BONES),
        present=("There {is} {a_np}.", "{a_np} {is} present."),
        possible=("There may be {a_np}.", "Possible {np}."),
        changed={
            Change.NEW: ("There {is} {a_np}, new since the prior study.", "New {np}."),
            Change.INCREASED: ("{np} {has} increased.", "Interval increase in {np}."),
            Change.DECREASED: ("{np} {has} decreased.", "Interval decrease in {np}."),
            Change.UNCHANGED: ("{np} {is} unchanged.", "Unchanged {np}."),
            Change.RESOLVED: ("Previously seen {np} {has} resolved.",),
        },
        opening=("",),
        denied=("There is no {list}.", "No {list}.", "No {list} is seen."),
        asked=("There is specifically no {np}.",),
        normal={
            Region.HEART: _HEART_SLOTS,
            Region.LUNGS: _LUNG_SLOTS,
            Region.BONES: _BONE_SLOTS,
        },
        fullness=0.8,
    ),
    ImpressionVoice(
        present="{np}.",
        possible="Possible {np}.",
        changed={
            Change.NEW: "{np}, new.",
            Change.INCREASED: "{np}, increased.",
            Change.DECREASED: "{np}, decreased.",
            Change.UNCHANGED: "{np}, unchanged.",
            Change.RESOLVED: "{np}, resolved.",
        },
        grouped=False,
        ranked=True,
        numbered=True,
        normal="No acute cardiopulmonary process.",
        asked="No {np}.",
        asked_replaces_normal=False,
        minor=frozenset({_O.ATELECTASIS}),
        devices=DevicePolicy.NONE,
        devices_fine="",
        stable="",
        nodule_advice="Recommend CT chest.",
        pneumonia_advice="",
    ),
)

A2 = Style(
    "A2",
    0.35,
    FindingsVoice(
        order=(Region.HEART, Region.LUNGS, Region.PLEURA, Region.BONES, Region.DEVICES),
        present=("{a_np} {is} seen.", "{a_np} {is} noted."),
        possible=("{a_np} cannot be excluded.", "{a_np} {is} suspected."),
        changed={
            Change.NEW: ("{a_np} {is} newly seen.", "There {is} new {np}."),
            Change.INCREASED: ("{np} {has} worsened.", "{np} {is} increased from prior."),
            Change.DECREASED: ("{np} {has} improved.", "{np} {is} decreased from prior."),
            Change.UNCHANGED: ("{np} {is} stable.", "Stable {np}."),
            Change.RESOLVED: ("{np} {is} no longer seen.",),
        },
        opening=("In comparison with the study of ___:", ""),
        denied=("{list} is not seen.", "No evidence of {list}.", "No {list} identified."),
        asked=("No evidence of {np} is seen.",),
        normal={
            Region.HEART: _HEART_SLOTS,
            Region.LUNGS: _LUNG_SLOTS,
            Region.BONES: _BONE_SLOTS,
        },
        fullness=0.85,
    ),
    ImpressionVoice(
        present="{np}.",
        possible="{np} cannot be excluded.",
        changed={
            Change.NEW: "New {np}.",
            Change.INCREASED: "Increased {np}.",
            Change.DECREASED: "Decreased {np}.",
            Change.UNCHANGED: "Stable {np}.",
            Change.RESOLVED: "Resolved {np}.",
        },
        grouped=False,
        ranked=False,
        numbered=False,
        normal="No acute cardiopulmonary abnormality.",
        asked="No evidence of {np}.",
        asked_replaces_normal=False,
        minor=frozenset({_O.PLEURAL_OTHER}),
        devices=DevicePolicy.NONE,
        devices_fine="",
        stable="",
        nodule_advice="CT is recommended.",
        pneumonia_advice="",
    ),
)

A3 = Style(
    "A3",
    0.25,
    FindingsVoice(
        order=(Region.LUNGS, Region.PLEURA, Region.HEART, Region.DEVICES, Region.BONES),
        present=("{np}.", "{np} {is} visualized."),
        possible=("Question {np}.", "{np} {is} possible."),
        changed={
            Change.NEW: ("Interval development of {np}.",),
            Change.INCREASED: ("Worsened {np}.", "{np}, increased since the previous exam."),
            Change.DECREASED: ("Improved {np}.", "{np}, decreased since the previous exam."),
            Change.UNCHANGED: ("Stable {np}.", "{np}, unchanged since the previous exam."),
            Change.RESOLVED: ("Interval resolution of {np}.",),
        },
        opening=("",),
        denied=("No {list}.", "Negative for {list}.", "No visible {list}."),
        asked=("No visible {np} in particular.",),
        normal={
            Region.HEART: (
                (
                    Line("Cardiomediastinal silhouette is normal.", _SILHOUETTE),
                    Line("Normal cardiomediastinal silhouette.", _SILHOUETTE),
                    Line("Heart size normal.", _HEART),
                    Line("Normal mediastinal contours.", _MEDIASTINUM),
                ),
            ),
            Region.LUNGS: (
                (
                    Line("Clear lungs.", _CLEAR, LUNGS),
                    Line("Lungs clear.", _CLEAR, LUNGS),
                    Line("Lungs are fully expanded and clear.", _CLEAR, _INFLATED),
                ),
            ),
            Region.BONES: _BONE_SLOTS,
        },
        fullness=0.7,
    ),
    ImpressionVoice(
        present="{np}.",
        possible="Questionable {np}.",
        changed={
            Change.NEW: "New {np}.",
            Change.INCREASED: "Worsened {np}.",
            Change.DECREASED: "Improved {np}.",
            Change.UNCHANGED: "Unchanged {np}.",
            Change.RESOLVED: "Interval resolution of {np}.",
        },
        grouped=True,
        ranked=True,
        numbered=False,
        normal="Normal chest radiograph.",
        asked="No {np}.",
        asked_replaces_normal=False,
        minor=frozenset({_O.ATELECTASIS, _O.PLEURAL_OTHER}),
        devices=DevicePolicy.NONE,
        devices_fine="",
        stable="",
        nodule_advice="Recommend CT chest.",
        pneumonia_advice="",
    ),
)

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
        Cause.PNEUMONIA_OR_ATELECTASIS: (", which may represent atelectasis or pneumonia",),
    },
    cause_headlines={
        Cause.PNEUMONIA: ", consistent with pneumonia",
        Cause.POSSIBLE_PNEUMONIA: ", concerning for pneumonia",
        Cause.PNEUMONIA_OR_ATELECTASIS: ", which may be atelectasis or pneumonia",
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
