"""Who moves a champion, for the ledger."""

import getpass
import os
import socket
import subprocess

VARIABLE = "RADIMPRESS_USER"


def author() -> str:
    """`RADIMPRESS_USER` where it is set (say, by CI), else git's user.name, else user@host."""
    return os.environ.get(VARIABLE, "").strip() or _git_name() or f"{_login()}@{_host()}"


def _git_name() -> str:
    try:
        done = subprocess.run(
            ["git", "config", "user.name"], capture_output=True, text=True, check=True, timeout=30
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout.strip()


def _login() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container whose user id has no name
        return f"uid{os.getuid()}"


def _host() -> str:
    return socket.gethostname()
