"""Numbers of report text, and those that a prediction has from nowhere."""

import re
from typing import NamedTuple

from radimpress.metrics.labels.sentences import list_numbers

_CARDINALS = (
    *("one", "two", "three", "four", "five", "six"),
    *("seven", "eight", "nine", "ten", "eleven", "twelve"),
)
_ORDINALS = (
    *("first", "second", "third", "fourth", "fifth", "sixth"),
    *("seventh", "eighth", "ninth", "tenth", "eleventh", "twelfth"),
)
_WORDS = {word: n for words in (_CARDINALS, _ORDINALS) for n, word in enumerate(words, 1)}
_DIGITS = re.compile(
    r"(\d+(?:\.\d+)?)(?:\s*-?\s*(mm|cm|millimet\w+|centimet\w+)\b)?", re.IGNORECASE
)
_CHAIN = re.compile(  # "3 x 4 cm", "2-3 mm": the unit is that of all
    r"(\d+(?:\.\d+)?)(?=(?:\s*(?:x|by|-|to|×)\s*\d+(?:\.\d+)?)+\s*-?\s*(mm|cm)\b)", re.IGNORECASE
)
_SPELLED = re.compile(rf"\b(?:{'|'.join(_WORDS)})\b", re.IGNORECASE)
_COUNTED = re.compile(  # ordinals that a radiologist counts with: ribs, vertebrae
    rf"\b(?:{'|'.join(_ORDINALS[2:])})\b(?! of\b)|\b(?:first|second)(?= (?:[a-z]+ )?ribs?\b)",
    re.IGNORECASE,
)


class Number(NamedTuple):
    """A value, with its length in millimetres where it is a measurement."""

    value: float
    millimetres: float | None = None


def numbers(text: str) -> list[Number]:
    """Every number in digits, list numbers left out, in order; "7th" and "T7" count as 7."""
    listed = {start for low, high in list_numbers(text) for start in range(low, high)}
    units = {found.start(): found[2] for found in _CHAIN.finditer(text)}
    return [
        _number(found[1], found[2] or units.get(found.start()))
        for found in _DIGITS.finditer(text)
        if found.start() not in listed
    ]


def invented(prediction: str, *sources: str) -> tuple[str, ...]:
    """The numbers of a prediction that none of the sources holds, as "12" or "12 mm".

    Two measurements are equal in millimetres (1.2 cm is 12 mm); a number without a unit is equal by
    value. In a source, words ("three", "seventh") count as numbers; in a prediction, ordinals do.
    """
    told = numbers(prediction)
    told += [Number(float(_WORDS[found[0].lower()])) for found in _COUNTED.finditer(prediction)]
    if not told:
        return ()
    source = " \n\n ".join(sources)
    known = numbers(source)
    known += [Number(float(_WORDS[found[0].lower()])) for found in _SPELLED.finditer(source)]
    return tuple(
        dict.fromkeys(_written(n) for n in told if not any(_equal(n, other) for other in known))
    )


def _number(digits: str, unit: str | None) -> Number:
    value = float(digits)
    if unit is None:
        return Number(value)
    return Number(value, round(value * (10 if unit.lower().startswith("c") else 1), 6))


def _equal(one: Number, other: Number) -> bool:
    if one.millimetres is None or other.millimetres is None:
        return one.value == other.value
    return one.millimetres == other.millimetres


def _written(number: Number) -> str:
    if number.millimetres is None:
        return f"{number.value:g}"
    return f"{number.millimetres:g} mm"
