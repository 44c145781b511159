"""Processes of this machine."""

import os


def lives(process: int) -> bool:
    """Whether a process of that id runs, whoever's it is."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
