"""What moto lacks of QuickSight: data sets are listed, they and dashboards are deleted.

QuickSight's protocol is REST, so its calls come without an operation's name.
"""

import re
from typing import TYPE_CHECKING, Any

from werkzeug.test import run_wsgi_app
from werkzeug.wrappers import Response

from loopback.call import ACCOUNT, Call, Refusal, json_response

if TYPE_CHECKING:
    from loopback.server import Loopback

PATH = re.compile(r"/accounts/\d+/(data-sets|dashboards)(?:/([^/]+))?")


def answer(call: Call) -> Response:
    """Ours for the three operations, moto's for all others."""
    found = PATH.fullmatch(call.http.path)
    kind, name = found.groups() if found else ("", None)
    backend = _backend(call.region)
    if call.http.method == "GET" and kind == "data-sets" and name is None:
        return json_response(
            {"DataSetSummaries": [_summary(d) for d in backend.data_sets.values()]}
        )
    if call.http.method == "DELETE" and kind:
        records = backend.data_sets if kind == "data-sets" else backend.dashboards
        if records.pop(name, None) is None:
            raise Refusal("ResourceNotFoundException", f"{kind} {name} is not found", 404)
        return json_response({"Status": 200})
    chunks, status, headers = run_wsgi_app(call.moto, dict(call.http.environ))
    return Response(b"".join(chunks), status, headers)


def _backend(region: str) -> Any:
    from moto.quicksight.models import quicksight_backends

    return quicksight_backends[ACCOUNT][region]


def _summary(data_set: Any) -> dict[str, Any]:
    return {"Arn": data_set.arn, "DataSetId": data_set._id, "Name": data_set.name}


def install(loop: "Loopback") -> None:
    """Take QuickSight over."""
    loop.operations["quicksight:"] = answer
