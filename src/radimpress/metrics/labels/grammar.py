"""Phrases that join, separate, complete, grade or locate what a sentence names.

For the syntax see `phrases`, for what each role does `terms`.
"""

from radimpress.metrics.labels.observations import Side
from radimpress.metrics.labels.phrases import phrases
from radimpress.metrics.labels.terms import Role, Term

JOINTS: dict[Role, str] = {
    Role.EITHER: r"""
        versus
        vs
        and/or
        """,
    Role.OR: r"""
        or
        """,
    Role.AND: r"""
        and
        as well as
        plus
        along with
        """,
    Role.WITH: r"""
        with
        status post
        s/p
        following
        after
        given
        in the (?:setting|context) of
        """,
    Role.CAUSE: r"""
        due to
        secondary to
        related to
        because of
        obscured by
        superimposed (?:on|upon)
        """,
    Role.BREAK: r"""
        while
        whereas
        although
        though
        compared (?:to|with)
        in comparison (?:to|with)
        """,
    Role.WHICH: r"""
        which
        """,
    Role.BUT: r"""
        but
        however
        yet
        """,
    Role.VERB: r"""
        is
        are
        was
        were
        has
        have
        had
        appears?
        remains?
        there
        shows?
        demonstrates?
        reveals?
        continues?
        persists?
        contains?
        """,
    Role.SEEN: r"""
        seen
        identified
        noted
        visuali[sz]ed
        appreciated
        evident
        detected
        present
        """,
    Role.GRADE: r"""
        small
        mild(?:ly)?
        minimal(?:ly)?
        tiny
        trace
        slight(?:ly)?
        moderate(?:ly)?
        severe(?:ly)?
        subtle
        stable
        unchanged
        persist(?:ent|ing)
        residual
        chronic
        improv(?:ed|ing)
        worsen(?:ed|ing)
        increasing
        decreas(?:ed|ing)
        patchy
        streaky
        linear
        scattered
        old
        healed
        calcified
        low
        """,
}

EXCEPTIONS = r"""
    except(?: for)?
    with the exception of
    aside from
    apart from
    other than
    """
"""End the clause, and may take back what it excludes (`exceptions`)."""

LEFT, RIGHT = frozenset({Side.LEFT}), frozenset({Side.RIGHT})

SIDES: tuple[tuple[frozenset[Side], str], ...] = (
    (
        LEFT,
        r"""
        left(?: sided| side)?
        left middle lobe
        lt
        lingular?
        lul
        lll
        """,
    ),
    (
        RIGHT,
        r"""
        right(?: sided| side)?
        rt
        middle lobe
        rul
        rml
        rll
        """,
    ),
    (
        LEFT | RIGHT,
        r"""
        bilateral(?:ly)?
        both
        bi ?(?:basilar|basal|apical|hilar)
        bases
        apices
        """,
    ),
)

COMPARED = r"""
    (?:left|right)(?: sided| side)? (?:greater|more|larger|worse|less|smaller)
        |(?: [a-z]+)? than(?: the| on the)? (?:left|right)(?: side)?
    (?:left|right) ?[<>] ?(?:left|right)
    [rl] ?[<>] ?[rl]
    """
"""Both sides, weighed against each other."""


def terms() -> list[tuple[str, Term]]:
    """Every (phrase, meaning) of this file."""
    found = [(phrase, Term(role)) for role, text in JOINTS.items() for phrase in phrases(text)]
    found += [(p, Term(Role.SIDE, sides=sides)) for sides, text in SIDES for p in phrases(text)]
    compared = Term(Role.SIDE, sides=LEFT | RIGHT, compares=True)
    found += [(phrase, compared) for phrase in phrases(COMPARED)]
    excepts = Term(Role.BREAK, excepts=True)
    found += [(phrase, excepts) for phrase in phrases(EXCEPTIONS)]
    return found
