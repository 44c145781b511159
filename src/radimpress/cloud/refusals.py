"""What AWS refuses, in one line with the next step.

boto3 is imported inside functions: the rest of radimpress starts without it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from radimpress.runtime.errors import RadimpressError, next_step


@contextmanager
def spoken(what: str) -> Iterator[None]:
    """Turn boto3's errors into one line that names `what` was asked and the next step.

    AWS's messages name resources, never their contents, so they may be shown; but for a
    container's own words (ModelError), which are withheld.
    """
    from botocore.exceptions import (
        BotoCoreError,
        ClientError,
        EndpointConnectionError,
        NoCredentialsError,
    )

    try:
        yield
    except NoCredentialsError as error:
        raise next_step(
            "there are no AWS credentials", "run `aws configure sso` or export AWS_PROFILE"
        ) from error
    except EndpointConnectionError as error:
        raise next_step(
            f"AWS cannot be reached ({what}): {error}", "look at network and region"
        ) from error
    except ClientError as error:
        raise refusal(what, error) from error
    except BotoCoreError as error:
        raise next_step(
            f"AWS refused ({what}): {error}", "run `radimpress doctor --aws`"
        ) from error


def error_code(error: Exception) -> str:
    """AWS's code of a ClientError, such as "ThrottlingException"; "" for other errors."""
    response: dict[str, Any] = getattr(error, "response", None) or {}
    return str(response.get("Error", {}).get("Code", ""))


def refusal(what: str, error: Exception) -> RadimpressError:
    """AWS's own sentence about `what`, with the next step that its code calls for."""
    code = error_code(error)
    response: dict[str, Any] = getattr(error, "response", None) or {}
    message = str(response.get("Error", {}).get("Message", error))
    if code == "ModelError":  # it quotes the container, which may quote a report
        message = "the container failed; its words are withheld"
    step = _STEPS.get(code, "run `radimpress doctor --aws`")
    return next_step(f"AWS refused ({what}): {code}: {message}", step)


_STEPS = {
    "ExpiredToken": "log in again (`aws sso login`)",
    "ExpiredTokenException": "log in again (`aws sso login`)",
    "InvalidClientTokenId": "log in again, or check AWS_ACCESS_KEY_ID",
    "AccessDenied": "run `radimpress cloud policy` and give the role what it lists",
    "AccessDeniedException": "run `radimpress cloud policy` and give the role what it lists",
    "ResourceLimitExceeded": "ask for a higher quota: `radimpress doctor --aws` says how",
    "ThrottlingException": "run the same again: AWS was busy",
    "NoSuchBucket": "run `radimpress doctor --aws`; it says how to make the bucket",
}
