"""Phrases that negate or doubt what a sentence names, and phrases that only seem to.

The idea of triggers, pseudo-triggers and ended scopes is that of NegEx (Chapman et al. 2001,
doi:10.1006/jbin.2001.1029), ConText (Harkema et al. 2009, doi:10.1016/j.jbi.2009.05.002) and
NegBio (Peng et al. 2018, arXiv:1712.05898); the lists are this project's own. For the syntax see
`phrases`, for what each role does `terms`.
"""

from radimpress.metrics.labels.observations import Observation
from radimpress.metrics.labels.phrases import phrases
from radimpress.metrics.labels.terms import Role, Term

_BE = "(?:(?:is|are|was|were|be|been|being|has been|have been|appears?) )?"
_SEEN = (
    "(?:seen|identified|visuali[sz]ed|visible|evident|appreciated|demonstrated|present|detected"
    "|noted|observed|apparent|found|shown|suspected|suggested)"
)
_SURELY = "(?:(?:definitely|clearly|convincingly|currently|otherwise|definitively) )?"
_WHOLLY = "(?:(?:entirely|completely|definitely|definitively|fully) )?"
_BY_NOW = "(?:now |since |completely |fully |entirely |interval )*"
_EXCLUDE = "(?:exclude|rule out)"
_EXCLUDED = "(?:excluded|ruled out)"
_CANNOT = "(?:cannot|can not|can't|could not|unable to)"
_CHANGE = (
    "(?:changes?|increase|decrease|difference|improvement|progression|worsening|alteration)"
    "(?: (?:in|of|from|to|since))?"
)
_CHANGED = "(?:changed|increased|improved|worsened|progressed|decreased|different)"
_ANY = (
    "(?:(?:significant|definite|appreciable|substantial|interval|acute|marked|obvious|gross|real"
    "|radiographic|further|notable|major|convincing|relevant|new|clinically) )*"
)
_GREATLY = "(?:(?:significantly|appreciably|substantially|definitely|much|markedly|grossly) )?"
_WELL = "(?:well|fully|completely|clearly|adequately|optimally)"
_ASSESSED = "(?:evaluated|assessed|included|defined|delineated)"
_PRIOR = "(?:on|in|at) (?:the )?(?:prior|previous|earlier|old|preceding)"

CUES: dict[Role, str] = {
    Role.NEGATES: r"""
        no
        not
        without
        w/o
        negative for
        free (?:of|from)
        clear (?:of|from)
        absence of
        lack of
        lacks?
        denies
        neither
        nor
        never
        no longer
        (?:complete |interval )*(?:resolution|clearance|clearing) of
        excludes?
        fails? to (?:show|reveal|demonstrate)
        rather than
        instead of
        """,
    Role.NEGATED: rf"""
        {_BE}(?:not|no longer) {_SURELY}{_SEEN}
        (?:may|might|could) not (?:always )?be {_SEEN}
        (?:is |are |was |were )?absent
        {_BE}(?:has |have |had )?{_BY_NOW}resolved
        (?:has|have) {_BY_NOW}(?:cleared|disappeared)
        {_BE}{_EXCLUDED}
        (?:is|are|was|were) (?:considered )?unlikely
        unlikely
        {_BE}negative
        none
        (?:now |is now |has )?gone
        """,
    Role.SUSPECTS: rf"""
        may
        might
        could
        possib(?:le|ly)
        probabl[ey]
        (?:less |more |most |very )?likely
        presum(?:ed|ably|ptive)
        potential(?:ly)?
        perhaps
        maybe
        equivocal
        suspicious for
        suspicion (?:of|for)
        suspect(?:ed|s)?
        suggest(?:s|ed|ing|ion of|ive of)?
        concern(?:ing)? (?:for|of)
        worrisome for
        question(?:able|ed)?(?: of)?
        favou?r(?:s|ed|ing)?
        (?:thought|felt|believed) to
        {_CANNOT} {_WHOLLY}{_EXCLUDE}
        (?:difficult|hard) to {_EXCLUDE}
        (?:not|to) {_EXCLUDE}
        (?:evaluate|evaluation|assess|correlate|correlation|correlate clinically) for
        rule out
        r/o
        differential (?:diagnosis |considerations? |diagnoses )?(?:would )?includ(?:es?|ing)
        indeterminate for
        raises? the (?:possibility|question|concern) (?:of|for)
        possibility of
        _+ (?:represent(?:s|ing|ative of)?|reflect(?:s|ing)?|relat(?:es? to|ing to))
        _+ (?:due at|due to|be)
        """,
    Role.SUSPECTED: rf"""
        {_CANNOT} (?:be )?{_WHOLLY}(?:be )?{_EXCLUDED}
        (?:(?:is|are|was|were|but) )?not {_WHOLLY}{_EXCLUDED}
        (?:would be |is |are )?(?:difficult|hard|impossible) to {_WHOLLY}{_EXCLUDE}
        (?:is|are) (?:also )?(?:possible|likely|probable|suspected|questioned|questionable)
        (?:is|are) (?:also )?(?:a |an |another )?(?:possibilit(?:y|ies)|considerations?|concern)
        (?:is|are) (?:also )?(?:equivocal|(?:in )?(?:the )?differential(?: diagnosis)?)
        (?:is|are|should be|could be|may be) (?:also )?considered
        (?:may|might|could) (?:also )?be {_SEEN}
        (?:possibl[ey]|probabl[ey]|likely|suspected|questionable|questioned)(?=[,;)]|$)
        """,
    Role.PAST: r"""
        history of
        h/o
        risk (?:of|for)
        previously,? there (?:was|were)
        if (?:(?:there is|there are|continued|persistent|clinical|high) )*
            |(?:concern|suspicion|signs|symptoms|question)(?: for| of)?
        (?:signs?|symptoms?) (?:or symptoms )?of
        """,
    Role.PERSISTS: rf"""
        (?:no|without) {_ANY}{_CHANGE}
        (?:no|without) {_ANY}(?:resolution|clearance|clearing)(?: of)?
        not {_GREATLY}{_CHANGED}
        not (?:yet |completely |fully |entirely )?(?:resolved|cleared)
        (?:near|nearly|almost)(?: complete(?:ly)?| total(?:ly)?)? resol(?:ution of|ved)
        (?:partial(?:ly)?|incomplete(?:ly)?|mostly|largely|partly|some) (?:resol(?:ution of|ved)
            ||cleared|clearing of)
        """,
    Role.INERT: rf"""
        not (?:only|necessarily|just)
        not {_WELL} (?:{_SEEN}|{_ASSESSED})(?: {_PRIOR})?
        (?:was |were )?not (?:well |definitely |clearly )?{_SEEN} (?:{_PRIOR}|before|previously)
        no doubt
        (?:to|until|and) (?:document|ensure|confirm|assess|demonstrate|establish|exclude)
            | (?:complete |its |the )*(?:resolution|clearing|stability)(?: of)?
        with or without
        consistent with
        compatible with
        in keeping with
        associated with
        to (?:suggest|indicate)
        suggest(?:ed)? (?:follow|clinical|correlation|repeat|further|ct)
        clinical (?:concern|suspicion)(?: for| of)?
        (?:right|left) (?:atri(?:um|al)|ventric(?:le|ular)|main ?stem)
        (?:right|left) atrial and (?:right|left) ventricular
        lung volumes?
        mass effect
        mediastinal shift
        (?:heart|cardiac) (?:rate|rhythm|valves?|borders?|apex|transplant|surgery|_+)
        nodular thickening
        (?:fat|bone|bone mineral) density
        nipple shadows?
        (?:laryngeal|soft tissue|subcutaneous|bowel wall|cerebral) o?edema
        """,
}

LIMITS = r"""
    acute
    active
    new
    significant
    other
    additional
    further
    recent
    interval
    """
"""Limit a whole list: "no new effusion or consolidation"."""

NEXT_LIMITS = r"""
    overt
    frank
    displaced
    sizea?ble
    tension
    suspicious
    confluent
    dense
    dominant
    """
"""Limit the next finding alone: "no large effusion or pneumothorax"."""

FOCAL_LIMITS = r"""
    focal
    lobar
    locali[sz]ed
    """
"""Limit an opacity, which may be diffuse; "no focal consolidation" is "no consolidation"."""

REMOVED = rf"{_BE}(?:now |since |interval )?(?:removed|discontinued|withdrawn|pulled)"
REMOVAL = "(?:interval )?removal of(?: the)?"
"""Speak of support devices alone."""


def terms() -> list[tuple[str, Term]]:
    """Every (phrase, meaning) of this file."""
    found = [(phrase, Term(role)) for role, text in CUES.items() for phrase in phrases(text)]
    found += [(phrase, Term(Role.LIMIT)) for phrase in phrases(LIMITS)]
    found += [(phrase, Term(Role.LIMIT, next_only=True)) for phrase in phrases(NEXT_LIMITS)]
    focal = Term(Role.LIMIT, (Observation.LUNG_OPACITY,), next_only=True)
    found += [(phrase, focal) for phrase in phrases(FOCAL_LIMITS)]
    found += [(phrase, Term(Role.NEGATED, devices_only=True)) for phrase in phrases(REMOVED)]
    found += [(phrase, Term(Role.NEGATES, devices_only=True)) for phrase in phrases(REMOVAL)]
    return found
