"""An endpoint that does not take a version, as against an AWS that could not be asked."""

from radimpress.cloud.invoke.throttling import Trouble, trouble
from radimpress.cloud.refusals import error_code
from radimpress.runtime.errors import RadimpressError, next_step

LOGIN = ("ExpiredToken", "ExpiredTokenException", "InvalidClientTokenId", "RequestExpired")


class EndpointRefusedError(RadimpressError):
    """The endpoint does not take the version; it serves what it served, or nothing."""


class EndpointSilentError(RadimpressError):
    """The endpoint is still being changed after a longer time than that can take."""


def refused(problem: str, step: str) -> EndpointRefusedError:
    """As `next_step`."""
    return EndpointRefusedError(str(next_step(problem, step)))


def is_outage(error: RadimpressError) -> bool:
    """Whether AWS did not say no but could not be asked: the same command may work later."""
    if isinstance(error, EndpointSilentError):
        return True
    cause = error.__cause__
    if isinstance(error, EndpointRefusedError) or not isinstance(cause, Exception):
        return False
    if code := error_code(cause):
        return code in LOGIN or trouble(cause) is not Trouble.final
    from botocore.exceptions import BotoCoreError

    return isinstance(cause, BotoCoreError)
