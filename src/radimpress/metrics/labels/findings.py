"""Phrases that name one of the 14 observations or another finding.

Written for this project after the observations of Irvin et al. (2019, table 1). For the syntax see
`phrases`; where several phrases fit, the longest wins.
"""

from radimpress.metrics.labels.observations import Observation, Presence
from radimpress.metrics.labels.phrases import phrases
from radimpress.metrics.labels.terms import Role, Term

_OPACITY = r"(?:opacit(?:y|ies)|opacifications?|densit(?:y|ies)|shadowing)"
_PLEURAL_FLUID = r"(?:pleural|parapneumonic|subpulmonic|loculated)"

FINDINGS: dict[tuple[Observation, ...], str] = {
    (Observation.ENLARGED_CARDIOMEDIASTINUM,): r"""
        mediastinal (?:widening|enlargement|prominence)
        widen(?:ed|ing)(?: of)?(?: the)?(?: superior)? mediastinum
        cardiomediastinal enlargement
        """,
    (Observation.CARDIOMEGALY,): r"""
        cardiomegaly
        cardiac (?:enlargement|decompensation with cardiomegaly)
        heart enlargement
        enlarged (?:heart|cardiac) silhouette
        (?:left|right|bi) (?:ventricular|atrial) (?:enlargement|hypertrophy|prominence)
        biventricular enlargement
        """,
    (Observation.LUNG_LESION,): rf"""
        nodul(?:es?|arity)
        nodular (?:[a-z]+ )?{_OPACITY}
        lung lesions?
        pulmonary lesions?
        parenchymal lesions?
        cavit(?:y|ary|ating|ation) (?:[a-z]+ )?(?:lesions?|process|mass|masses|disease)
        cavitations?
        mass(?:es)?
        mass like {_OPACITY}
        masslike {_OPACITY}
        metasta(?:sis|ses)
        metastatic (?:disease|lesions?|foci|deposits?|process)
        neoplas(?:m|ms|tic process|tic disease)
        malignan(?:cy|cies|t process)
        carcinoma
        (?:lung|bronchogenic) cancer
        tumou?rs?
        """,
    (Observation.LUNG_OPACITY,): rf"""
        {_OPACITY}
        opacified
        air ?space (?:disease|process|abnormalit(?:y|ies)|changes?)
        (?:air ?space|alveolar|lung|parenchymal|pulmonary) {_OPACITY}
        infiltrat(?:e|es|ions?|ive process|ive disease)
        interstitial (?:markings?|prominence|patterns?|changes?|thickening|disease|process)
        interstitial (?:lung|pulmonary) (?:disease|markings?|changes?|abnormalit(?:y|ies))
        (?:increased|prominent|coarse|coarsened) (?:[a-z]+ )?(?:lung|bronchovascular) markings
        streakiness
        reticul(?:ar|onodular|ation|ations)(?: (?:markings?|pattern|changes?|{_OPACITY}))?
        interlobular septal thickening
        peribronchial (?:thickening|cuffing)
        bronchial (?:wall )?thickening
        (?:alveolar|parenchymal|air ?space) (?:filling )?(?:process|disease|abnormalit(?:y|ies))
        scar(?:s|ring|like changes?)?
        fibro(?:sis|tic changes?)
        honeycombing
        """,
    (Observation.EDEMA,): r"""
        o?edema
        (?:pulmonary|vascular|venous|pulmonary vascular|pulmonary venous
            ||central vascular) congestion
        congestive (?:heart failure|changes?|failure|pattern)
        (?:congestive )?(?:heart|cardiac|left ventricular) (?:failure|decompensation)
        chf
        volume overload
        fluid overload
        (?:pulmonary )?(?:vascular|venous) (?:engorgement|redistribution|prominence
            ||cephalization)
        cephalization
        kerley b? ?lines
        pulmonary venous hypertension
        """,
    (Observation.CONSOLIDATION,): r"""
        consolidat(?:ion|ions|ive|ed)(?: (?:process|changes?|opacit(?:y|ies)|disease))?
        """,
    (Observation.PNEUMONIA,): r"""
        (?:broncho|pleuro)?pneumoni(?:a|as|tis|c)(?: (?:infiltrates?|process|consolidations?))?
        infect(?:ion|ions|ious)(?: (?:process|etiology|infiltrates?|disease|consolidations?))?
        """,
    (Observation.ATELECTASIS,): r"""
        atelecta(?:sis|ses|tic)(?: (?:changes?|opacit(?:y|ies)|streaks?|bands?))?
        (?:lobar|lobe|lung|lobes|lingular|pulmonary) collapse
        collapse of(?= the (?:left|right|upper|lower|middle))
        """,
    (Observation.PNEUMOTHORAX,): r"""
        pneumothora(?:x|ces|xes)
        pleural air(?: collections?)?
        """,
    (Observation.PNEUMOTHORAX, Observation.PLEURAL_EFFUSION): r"""
        h(?:ydro|aemo|emo)pneumothora(?:x|ces)
        """,
    (Observation.PLEURAL_EFFUSION,): rf"""
        effusions?
        pleural effusions?
        {_PLEURAL_FLUID} (?:fluid|collections?)(?: collections?)?
        fluid (?:in|within|along|tracking along) the (?:[a-z]+ )?(?:pleural spaces?|fissures?)
        (?:layering|fissural) fluid
        h(?:aemo|emo|ydro)thorax
        empyema
        """,
    (Observation.PLEURAL_OTHER,): r"""
        pleural (?:[a-z]+ )?(?:thickening|plaques?|scar|scars|scarring|calcifications?|fibrosis)
        pleuro ?parenchymal scar(?:s|ring)?
        pleural (?:parenchymal|based) (?:scar(?:s|ring)?|process|densit(?:y|ies)|opacit(?:y
            ||ies))
        fibrothorax
        (?:bi)?apical (?:cap|caps|capping|pleural cap|pleural caps)
        """,
    (Observation.FRACTURE,): r"""
        fractur(?:e|es|ed)
        fracture deformit(?:y|ies)
        compression (?:deformit(?:y|ies)|fractures?)
        """,
    (Observation.SUPPORT_DEVICES,): r"""
        (?:catheters?|picc|port ?[ao]? ?cath|mediport|chemoport|powerport)
        picc lines?
        (?:chest |infusion )?ports?
        (?:central|venous|central venous|subclavian|jugular|arterial|dialysis|ij|hd) lines?
        devices?
        lines and tubes
        tubes and lines
        (?:support|monitoring|life support) (?:lines?|devices?|apparatus|hardware)
        (?:lines|tubes|catheters)
        (?:chest|endotracheal|et|ett|ng|nasogastric|og|orogastric|enteric|feeding|tracheostomy
            ||drainage|dobbhoff|gastric|pigtail|thoracostomy) (?:suction )?tubes?
        tubes?
        ett
        ngt
        tracheostomy(?: tube| cannula)?
        dobb?hoff(?: tube)?
        swan ganz(?: catheter)?
        pacemakers?
        pacers?
        pacer wires?
        (?:pacemaker|pacing|pacer|icd|aicd|defibrillator|ventricular|atrial) (?:leads?|wires?
            ||electrodes?|generators?|device)
        aicds?
        icds?
        defibrillators?
        generator
        (?:implantable|cardiac) (?:[a-z]+ )?(?:device|generator)s?
        (?:prosthetic|mechanical|artificial|bioprosthetic|replaced) (?:[a-z]+ )?valves?
        valve (?:replacements?|prosthes[ei]s|repair)
        (?:sternotomy|median sternotomy|sternal|cerclage) (?:wires?|sutures?|_+)
        median sternotomy
        sternotomy
        surgical (?:clips?|hardware|sutures?|material|staples?)
        (?:mediastinal|axillary|cholecystectomy|vascular|metallic) clips
        (?:spinal|orthopedic|fixation|fusion|surgical) hardware
        (?:fixation|fusion|harrington|spinal) (?:rods?|plates?|screws?)
        hardware
        screws?
        arthroplast(?:y|ies)
        stents?
        (?:ivc|vena cava) filters?
        shunt catheter
        (?:vp|ventriculoperitoneal|tips) shunts?
        drains?
        (?:surgical|pleural) drains?
        intra ?aortic balloon pumps?
        iabp
        lvad
        impella
        vagal nerve stimulator
        """,
}

BLUNTING = r"blunt(?:ed|ing)"
"""Said of a costophrenic angle: a possible pleural effusion."""

OTHER_FINDINGS = rf"""
    (?:sclerotic|osseous|bony|bone|metallic|soft tissue|breast) {_OPACITY}
    {_OPACITY} over(?:lying)? the (?:breasts?|breast shadows?|soft tissues?|neck|abdomen)
    emphysema
    emphysematous(?: changes?| disease)?
    (?:subcutaneous|soft tissue) (?:emphysema|gas|air)
    copd
    chronic obstructive (?:pulmonary|lung|airways?) disease
    hyper ?(?:expan|infla)(?:ded|sion|ted|tion)
    bull(?:a|ae|ous disease|ous changes?)
    bronchi(?:ectasis|ectatic changes?|tis|olitis)
    granulom(?:a|as|ata|atous disease|atous changes?|atous infection)
    calcified (?:[a-z]+ )?(?:granulomas?|granulomatous disease)
    tuberculosis
    sarcoid(?:osis)?
    aspiration
    (?:lymph)?adenopathy
    hiatal hernia
    hiatus hernia
    aneurysm(?:s|al dilatation|al dilation)?
    pericardial (?:effusions?|fluid)
    (?:cardiomegaly )?pneumo(?:peritoneum|mediastinum|pericardium)
    free (?:[a-z]+ )?(?:air|gas)
    dislocations?
    air trapping
    contusions?
    (?:lytic|sclerotic|blastic|osseous|bone|bony|destructive) lesions?
    """
"""Findings that are none of the 14, so that nothing inside them is taken for one."""

GENERAL = r"""
    abnormalit(?:y|ies)
    (?:cardiopulmonary|pulmonary|cardiac|intrathoracic|thoracic|cardiothoracic) (?:disease
        ||process|findings?|abnormalit(?:y|ies)|pathology)
    (?:acute|active) (?:disease|process|findings?|pathology)
    """
"""General words that a negation can end on: "no acute abnormality"."""


def terms() -> list[tuple[str, Term]]:
    """Every (phrase, meaning) of this file."""
    found = [(p, Term(Role.FINDING, o)) for o, text in FINDINGS.items() for p in phrases(text)]
    blunted = Term(Role.FINDING, (Observation.PLEURAL_EFFUSION,), presence=Presence.UNCERTAIN)
    found += [(phrase, blunted) for phrase in phrases(BLUNTING)]
    unlisted = phrases(OTHER_FINDINGS) + phrases(GENERAL)
    return found + [(phrase, Term(Role.FINDING)) for phrase in unlisted]
