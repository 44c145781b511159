"""Sentences of a report, by rules: "Dr. Smith", "7.5 cm", "No. 3" and "8 a.m." hold together."""

import re

# Words whose full stop does not end a sentence.
_TITLES = {"dr", "drs", "mr", "mrs", "ms", "prof", "st", "vs", "cf", "ca", "approx", "i.e", "e.g"}
# Words whose full stop ends a sentence only before a capital: "at 8 a.m. The lungs".
_TRAILING = {"a.m", "p.m", "etc", "m.d", "ph.d", "r.n"}
# Words whose full stop ends a sentence except before a number: "No. 3", "fig. 2", but "No. Normal".
_COUNTED = {"no", "nos", "fig", "figs", "im", "img", "se", "ser", "vol"}
_END = re.compile(r"[.!?]+[\"')\]]*(?=\s)")
_LAST_WORD = re.compile(r"[A-Za-z][A-Za-z.]*\Z")
_LIST_NUMBER = re.compile(r"\s*\(?\d{1,2}\)?")


def split_sentences(text: str) -> list[str]:
    """Cut `text` after full stops, question and exclamation marks that end a sentence.

    >>> split_sentences("Read by Dr. Lee at 8 a.m. today. A 7.5 cm mass. No effusion.")
    ['Read by Dr. Lee at 8 a.m. today.', 'A 7.5 cm mass.', 'No effusion.']
    """
    sentences = []
    start = 0
    for end in _END.finditer(text):
        before, after = text[start : end.start()], text[end.end() :].lstrip()
        if after and _ends(before, after):
            sentences.append(text[start : end.end()].strip())
            start = end.end()
    rest = text[start:].strip()
    return [*sentences, rest] if re.search(r"\w", rest) else sentences  # a last " ." is none


def _ends(before: str, after: str) -> bool:
    """Whether the mark between `before` and `after` ends a sentence."""
    match = _LAST_WORD.search(before)
    word = match[0].lower() if match else ""
    if word in _COUNTED:
        return not after[0].isdigit()
    if word in _TRAILING:
        return after[0].isupper()
    initial = len(word) == 1 and before.endswith(word.upper())  # "J. Smith"
    list_number = _LIST_NUMBER.fullmatch(before) is not None  # "1. No effusion."
    return word not in _TITLES and not initial and not list_number
