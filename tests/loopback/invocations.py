"""InvokeEndpoint and InvokeEndpointAsync: requests to the containers, in AWS's words."""

import json
import time
from typing import TYPE_CHECKING
from urllib.parse import unquote

from werkzeug.wrappers import Response

from loopback.call import ACCOUNT, Call, Refusal
from loopback.endpoint import Endpoint
from loopback.hosting import Hosting
from loopback.serving_container import Answer

if TYPE_CHECKING:
    from loopback.server import Loopback

MOST_BYTES = 6_291_456  # botocore's service model
MOST_BYTES_SERVERLESS = 4_194_304
CUSTOM = "X-Amzn-SageMaker-Custom-Attributes"
FORWARDED = ("Content-Type", "Accept", CUSTOM, "X-Amzn-SageMaker-Inference-Id")


def install(loop: "Loopback") -> None:
    """Take the operations over; `loopback.endpoints` comes first."""
    hosting = loop.hosting
    loop.operations["sagemaker:InvokeEndpoint"] = lambda call: invoke(hosting, call)
    loop.operations["sagemaker:InvokeEndpointAsync"] = lambda call: invoke_later(hosting, call)


def invoke(hosting: Hosting, call: Call) -> Response:
    """InvokeEndpoint."""
    begun = time.monotonic()
    endpoint = _serving(hosting, call)
    if endpoint.asynchronous:
        raise Refusal("ValidationError", f"Endpoint {endpoint.name} takes InvokeEndpointAsync.")
    headers = call.http.headers
    target = headers.get("X-Amzn-SageMaker-Target-Variant")
    routed = endpoint.route(target)
    if routed is None:
        raise Refusal(
            "ValidationError", f"Variant {target} was not found in endpoint {endpoint.name}."
        )
    fleet, variant = routed
    most = MOST_BYTES if variant.concurrency is None else MOST_BYTES_SERVERLESS
    if len(call.body) > most:
        raise Refusal("413", f"HTTP content length exceeded {most} bytes.", 413)
    sent = {name: headers[name] for name in FORWARDED if name in headers}
    answer = endpoint.ask(fleet, variant, call.body, sent, hosting.pace.invocation_s, begun)
    if not 200 <= answer.status < 300:
        return _model_error(endpoint, answer)
    told = {"Content-Type": answer.content_type, "x-Amzn-Invoked-Production-Variant": variant.name}
    if answer.custom_attributes:
        told[CUSTOM] = answer.custom_attributes
    return Response(answer.body, 200, told)


def invoke_later(hosting: Hosting, call: Call) -> Response:
    """InvokeEndpointAsync."""
    endpoint = _serving(hosting, call)
    if not endpoint.asynchronous:
        raise Refusal("ValidationError", f"Endpoint {endpoint.name} is not asynchronous.")
    queue = hosting.queue(endpoint)
    place = queue.put(call.http.headers, call.body)
    headers = {"X-Amzn-SageMaker-OutputLocation": place.output}
    if place.failure:
        headers["X-Amzn-SageMaker-FailureLocation"] = place.failure
    body = json.dumps({"InferenceId": place.inference_id})
    return Response(body, 202, headers, mimetype="application/json")


def _serving(hosting: Hosting, call: Call) -> Endpoint:
    """The endpoint that a path names, if it serves. AWS tells both failures alike."""
    name = unquote(call.http.path.split("/")[2])
    endpoint = hosting.endpoints.get(name)
    if endpoint is None or not endpoint.serves:
        raise Refusal("ValidationError", f"Endpoint {name} of account {ACCOUNT} not found.")
    return endpoint


def _model_error(endpoint: Endpoint, answer: Answer) -> Response:
    """The 424 that wraps whatever a container answered but success."""
    group = f"/aws/sagemaker/Endpoints/{endpoint.name}"
    text = answer.body.decode(errors="replace")
    kind = "client" if 400 <= answer.status < 500 else "server"
    console = f"https://{endpoint.region}.console.aws.amazon.com/cloudwatch/home"
    told = {
        "ErrorCode": f"{kind.upper()}_ERROR_FROM_MODEL",
        "Message": f'Received {kind} error ({answer.status}) from primary with message "{text}". '
        f"See {console}?region={endpoint.region}#logEventViewer:group={group} in account "
        f"{ACCOUNT} for more information.",
        "OriginalStatusCode": answer.status,
        "OriginalMessage": text,
        "LogStreamArn": f"arn:aws:logs:{endpoint.region}:{ACCOUNT}:log-group:{group}",
    }
    headers = {"x-amzn-errortype": "ModelError"}
    return Response(json.dumps(told), 424, headers, mimetype="application/json")
