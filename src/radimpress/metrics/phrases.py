"""The small language in which phrases of reports are listed.

One phrase a line; a line that opens with "|" goes on where the one above stopped (spaces after the
bar count). A space stands for spaces or hyphens, " ?" for an optional one; the rest is a regular
expression in lower case whose groups do not capture.
"""

import re
from functools import cache
from string import ascii_lowercase


def phrases(text: str) -> list[str]:
    """The phrases of a list."""
    joined = re.sub(r"\n\s*\|", "", text)
    return [line.strip() for line in joined.splitlines() if line.strip()]


def regex(phrase: str) -> str:
    """A phrase as a regular expression: " ?" is an optional hyphen or space, " " at least one."""
    return "[ -]?".join(part.replace(" ", "[ -]+") for part in phrase.split(" ?"))


@cache
def heads(phrase: str) -> frozenset[str]:
    """The characters that a phrase can start with, read off its letters, classes and groups."""
    if phrase.startswith("(?:"):
        close = _closing(phrase)
        found = frozenset("").union(*(heads(choice) for choice in _choices(phrase[3:close])))
    elif phrase.startswith("["):
        close = phrase.index("]")
        found = frozenset(ascii_lowercase if phrase[1:close] == "a-z" else phrase[1:close])
    else:
        close = 0
        found = frozenset(phrase[:1])
    rest = phrase[close + 1 :]
    return found | heads(rest[1:].lstrip()) if rest.startswith(("?", "*")) else found


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
