"""Clients that give up soon: a check should say "no answer", not hang."""

from typing import Any

from radimpress.cloud.session import Session

READ_S = 10.0
ATTEMPTS = 2
DENIED = ("AccessDenied", "AccessDeniedException", "403", "Forbidden", "UnauthorizedOperation")


def quick(session: Session, service: str) -> Any:
    """The client of `service` for a check."""
    return session.client(service, READ_S, attempts=ATTEMPTS)
