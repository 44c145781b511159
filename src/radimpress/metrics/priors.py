"""Comparison with an earlier study: the language of it, and whether there was one."""

import re

from radimpress.metrics.labels.sentences import sentences

_STUDY = (
    r"(?:stud(?:y|ies)|exam(?:s|ination|inations)?|radiographs?|films?|images?|imaging|chest|cts?"
    r"|x-?rays?|cxrs?|ones?|___+)"
)
_LANGUAGE = re.compile(
    r"""\b(?:
        (?:un|not\ (?:\w+ly\ )?)changed | no\ (?:\w+\ ){0,3}changes?\b(?!\s+of)
      | stable | (?<!short\ )(?<!short-)(?<!short\ term\ )interval
      | improv(?:ed|ing|ement) | worse(?:n(?:ed|ing))?
      | (?:in|de)creasing | (?:has|have|now|interval(?:ly)?)\ (?:\w+ly\ )?(?:in|de)creased
      | (?:in|de)creased\ (?:\w+\ ){0,3}(?:since|from|compared|than)
      | (?:in|de)creased(?=[,.;]|$) | now\ (?:greater|less|larger|smaller|gone)
      | new(?:ly)? | resolv(?:ed|ing) | (?:has|have|now|since)\ (?:\w+ly\ )?cleared
      | again\ (?:seen|noted|demonstrated|identified|visuali[sz]ed) | re-?demonstrat\w+
      | persist(?:ent|ing) | progress(?:ed|ion|ing) | residual | no\ longer | enlarging
      | (?:larger|smaller|greater|less|better|worse)\ than\ (?:before|prior|previous\w*|on)
      | previously
    )\b""",
    re.IGNORECASE | re.VERBOSE,
)
_REFERENCE = re.compile(
    rf"""\b(?:
        compar(?:ed|ison)\ (?:to|with|is|was|radiograph|stud) | in\ comparison
      | (?:since|than|from|to|with)\ (?:the\ )?(?:prior|previous)\b
      | (?:prior|previous|earlier)\ (?:[\w/-]+\ ){{0,2}}?{_STUDY}
    )\b""",
    re.IGNORECASE | re.VERBOSE,
)
_ADVICE = re.compile(
    r"\b(?:if|available|advised|consider|correlat\w+|recommend\w*|useful|helpful)\b", re.IGNORECASE
)
_SECTION = re.compile(
    r"\bcomparisons?[^:.]{0,20}:\s*(.*?)(?=\s[A-Z][A-Za-z /]+:|$)", re.IGNORECASE | re.DOTALL
)
_NONE = re.compile(
    r"\W*(?:there (?:is|are) |the )?(?:none|no\b|not\b|n/a|nil\b|unavailable|$)", re.IGNORECASE
)
_NO_PRIOR = re.compile(
    rf"\b(?:no|without)(?: \w+){{0,2}} (?:comparisons?|priors?|previous)(?: \w+)? ?{_STUDY}?",
    re.IGNORECASE,
)
_PRIOR = re.compile(
    rf"\b(?:compar(?:ed|ison) (?:is made |was made )?(?:to|with)\b"
    rf"|(?:prior|previous|earlier) (?:[\w/-]+ ){{0,2}}?{_STUDY}\b|interval change)",
    re.IGNORECASE,
)


def comparisons(text: str) -> tuple[str, ...]:
    """The words of a text that compare with an earlier study, each once, lower case.

    Advice ("short interval follow-up", "comparison to old films is recommended") and old disease
    ("prior granulomatous disease") compare with nothing.
    """
    found: list[str] = []
    for sentence in sentences(text):
        found += (match[0].lower() for match in _LANGUAGE.finditer(sentence))
        if not _ADVICE.search(sentence):
            found += (match[0].lower() for match in _REFERENCE.finditer(sentence))
    return tuple(dict.fromkeys(found))


def has_prior(background: str) -> bool:
    """Whether the background names an earlier study ("Comparison: None" names none)."""
    for section in _SECTION.finditer(background):
        if not _NONE.match(section[1]):
            return True
    return _PRIOR.search(_NO_PRIOR.sub(" ", background)) is not None


def unfounded(prediction: str, findings: str, background: str) -> tuple[str, ...]:
    """Comparing words of a prediction where neither findings nor background know of a prior."""
    words = comparisons(prediction)
    return () if words and (comparisons(findings) or has_prior(background)) else words
