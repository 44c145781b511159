"""The small language in which phrases of reports are listed.

One phrase a line; a line that opens with "|" goes on where the one above stopped (spaces after the
bar count). A space stands for spaces or hyphens, " ?" for an optional one; the rest is a regular
expression in lower case whose groups do not capture.
"""

import re


def phrases(text: str) -> list[str]:
    """The phrases of a list."""
    joined = re.sub(r"\n\s*\|", "", text)
    return [line.strip() for line in joined.splitlines() if line.strip()]


def regex(phrase: str) -> str:
    """A phrase as a regular expression: " ?" is an optional hyphen or space, " " at least one."""
    return "[ -]?".join(part.replace(" ", "[ -]+") for part in phrase.split(" ?"))


def spread(phrase: str) -> list[str]:
    """The same phrase as several that open with a plain character and end in no optional group.

    >>> spread("(?:lung|lobar) collapse")
    ['lung collapse', 'lobar collapse']
    >>> spread("o?edema")
    ['oedema', 'edema']
    >>> spread("heart(?: size)?")
    ['heart size', 'heart']
    """
    return [each for whole in _without_tail(phrase) for each in _from_letters(whole)]


def _without_tail(phrase: str) -> list[str]:
    """With and without the optional groups at the end, so that the longest can be told."""
    if not phrase.endswith(")?"):
        return [phrase]
    opening = _opening(phrase.removesuffix("?"))
    if opening == 0:
        return [phrase]
    tails = _choices(phrase[opening + 3 : -2])
    heads = _without_tail(phrase[:opening])
    return [head + tail for tail in (*tails, "") for head in heads]


def _from_letters(phrase: str) -> list[str]:
    """With its leading group, class or optional character written out."""
    if phrase.startswith("(?:"):
        close = _closing(phrase)
        choices = _choices(phrase[3:close])
    elif phrase.startswith("["):
        close = phrase.index("]")
        choices = list(phrase[1:close])
    elif phrase[1:2] in ("?", "*"):
        close, choices = 0, [phrase[0]]
    else:
        return [phrase]
    unit, rest = phrase[: close + 1], phrase[close + 1 :]
    again = unit + rest if rest.startswith("*") else rest.removeprefix("?")
    found = [each for choice in choices for each in _from_letters(choice + again)]
    return found + _from_letters(rest[1:]) if rest.startswith(("?", "*")) else found


def _opening(phrase: str) -> int:
    """Where the group that closes the phrase opens."""
    depth = 0
    for place in range(len(phrase) - 1, -1, -1):
        depth += (phrase[place] == ")") - (phrase[place] == "(")
        if depth == 0:
            return place
    raise ValueError(f"unbalanced phrase {phrase!r}")


def _closing(phrase: str) -> int:
    """Where the group that opens the phrase closes."""
    depth = 0
    for place, character in enumerate(phrase):
        depth += (character == "(") - (character == ")")
        if depth == 0:
            return place
    raise ValueError(f"unbalanced phrase {phrase!r}")


def _choices(group: str) -> list[str]:
    """The alternatives of a group, split at its own bars."""
    choices, depth = [""], 0
    for character in group:
        depth += (character == "(") - (character == ")")
        if character == "|" and depth == 0:
            choices.append("")
        else:
            choices[-1] += character
    return choices
