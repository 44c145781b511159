"""Who may ask: the Host header on loopback, the bearer token where one is set."""

import hmac

from starlette.datastructures import Headers

from radimpress.config.serving_rules import LOOPBACK
from radimpress.serving.refusals import Code, Refusal

OPEN = ("/ping", "/")  # with the page's files: paths without data
PAGE = "/page/"

SECURITY_HEADERS = (
    (
        b"content-security-policy",
        b"default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
        b"object-src 'none'",
    ),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"cache-control", b"no-store"),
)


class Guard:
    """Refuses who may not ask. `token` "" asks for none."""

    def __init__(self, host: str, token: str) -> None:
        self._local, self._token = host in LOOPBACK, token.encode()

    def check(self, path: str, headers: Headers) -> None:
        """Raise Refusal (401, 421) for a request that may not be answered."""
        self._check_host(headers)
        if path not in OPEN and not path.startswith(PAGE):
            self._check_token(headers)

    def _check_host(self, headers: Headers) -> None:
        # A page elsewhere that rebinds its own name to 127.0.0.1 still sends that name.
        if self._local and _name(headers.get("host", "")) not in LOOPBACK:
            raise Refusal(
                421,
                Code.wrong_host,
                "the Host header is not this machine's loopback",
                "ask for http://127.0.0.1, or serve with --host NAME to be reached by name",
            )

    def _check_token(self, headers: Headers) -> None:
        if not self._token:
            return
        scheme, _, given = headers.get("authorization", "").partition(" ")
        sound = hmac.compare_digest(given.strip().encode("latin-1"), self._token)
        if scheme.lower() != "bearer" or not sound:
            raise Refusal(
                401,
                Code.unauthorized,
                "the bearer token is missing or wrong",
                "send the header Authorization: Bearer TOKEN",
                headers={"WWW-Authenticate": "Bearer"},
            )


def _name(host: str) -> str:
    """The name in a Host header, without its port: "[::1]:8080" is "::1"."""
    if host.startswith("["):
        return host[1:].partition("]")[0].lower()
    return host.rpartition(":")[0].lower() if ":" in host else host.lower()
