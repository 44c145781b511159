"""Sentences that call a whole study normal: "No acute cardiopulmonary abnormality."."""

import re
from functools import lru_cache

from radimpress.metrics.labels.clauses import clauses
from radimpress.metrics.labels.findings import GENERAL
from radimpress.metrics.labels.observations import Presence
from radimpress.metrics.labels.phrases import phrases, regex
from radimpress.metrics.labels.scanner import scan
from radimpress.metrics.labels.scopes import mentions
from radimpress.metrics.labels.states import with_states

_GENERAL = re.compile("|".join(regex(phrase) for phrase in phrases(GENERAL)))
_STUDY = r"(?:chest|study|exam(?:ination)?|radiographs?|films?|x-?rays?|cxr)"
_FINE = r"(?<!\bnot )\b(?:normal|unremarkable|negative|clear)"
_NORMAL = re.compile(
    rf"{_FINE}(?: [\w-]+)? {_STUDY}\b"
    rf"|\b{_STUDY} (?:is |are |appears? |within )?(?:grossly )?{_FINE}\b",
    re.IGNORECASE,
)
_ACUTE = re.compile(r"\b(?:acute(?:ly)?|active|significant|new)\b", re.IGNORECASE)


@lru_cache(maxsize=4096)
def says_all_clear(sentence: str) -> bool:
    """Whether a sentence excludes disease in general, or calls the study normal, and no more.

    "Emphysema without acute disease" also states something, so it does not count.
    """
    events = with_states(sentence, scan(sentence))
    excluded = False
    for clause in clauses(sentence, events):
        for mention in mentions(clause):
            if mention.presence is not Presence.NEGATIVE:
                return False
            named = sentence[clause[mention.place].start : clause[mention.place].end]
            excluded = excluded or _GENERAL.fullmatch(named.lower()) is not None
    return excluded or _NORMAL.search(sentence) is not None


def of_acute_disease_alone(sentence: str) -> bool:
    """Whether it speaks of acute disease alone, so that an old scar does not contradict it."""
    return _ACUTE.search(sentence) is not None
