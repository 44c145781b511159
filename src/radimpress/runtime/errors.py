"""The one exception that a user is meant to see."""


class RadimpressError(Exception):
    """Something the user can mend.

    The message is one line: the thing, the value seen, what was expected, the next step. It never
    holds report text or a patient identifier (rule 4 of the architecture); study ids are allowed.
    """


def next_step(problem: str, step: str) -> RadimpressError:
    """An error that says what is wrong and what to do about it, joined as one line.

    >>> str(next_step("data/raw/x.zip is no zip archive", "give data.path a zip or a folder"))
    'data/raw/x.zip is no zip archive; next: give data.path a zip or a folder'
    """
    return RadimpressError(f"{' '.join(problem.split())}; next: {' '.join(step.split())}")
