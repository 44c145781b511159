import json
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from loopback.faults import FleetFault
from loopback.server import BUCKET

if TYPE_CHECKING:
    from loopback.server import Loopback

ROLE = "arn:aws:iam::123456789012:role/radimpress-execution"
REPOSITORY = "123456789012.dkr.ecr.us-east-1.amazonaws.com"
ERRORS_ALARM = "errors"


class Account:
    """What a client does, in the tests' few words."""

    def __init__(self, loop: "Loopback") -> None:
        self.loop = loop
        self.sagemaker, self.s3 = loop.client("sagemaker"), loop.client("s3")
        self.cloudwatch, self.runtime = loop.client("cloudwatch"), loop.client("sagemaker-runtime")

    def model(self, name: str, image: str = "toy", **behaviour: Any) -> None:
        """A model, uncompressed in S3, that behaves so."""
        prefix = f"models/{name}/"
        self.s3.put_object(
            Bucket=BUCKET, Key=f"{prefix}behaviour.json", Body=json.dumps(behaviour).encode()
        )
        source = {
            "S3Uri": f"s3://{BUCKET}/{prefix}",
            "S3DataType": "S3Prefix",
            "CompressionType": "None",
        }
        container = {
            "Image": f"{REPOSITORY}/{image}:1",
            "ModelDataSource": {"S3DataSource": source},
        }
        self.sagemaker.create_model(
            ModelName=name, ExecutionRoleArn=ROLE, PrimaryContainer=container
        )

    def config(self, name: str, variant: dict[str, Any] | None = None, **more: Any) -> None:
        """An endpoint configuration of one variant, whose model has its name."""
        instance = {"InstanceType": "ml.c7i.xlarge", "InitialInstanceCount": 1}
        instance["ContainerStartupHealthCheckTimeoutInSeconds"] = 60
        given = instance if variant is None else variant
        variants = [{"VariantName": "AllTraffic", "ModelName": name} | given]
        self.sagemaker.create_endpoint_config(
            EndpointConfigName=name, ProductionVariants=variants, **more
        )

    def offer(self, name: str, **behaviour: Any) -> None:
        """A model and its configuration."""
        self.model(name, **behaviour)
        self.config(name)

    def create(self, config: str, endpoint: str = "e") -> dict[str, Any]:
        """Create an endpoint; what is told of it once it has settled."""
        self.sagemaker.create_endpoint(EndpointName=endpoint, EndpointConfigName=config)
        return self.settled(endpoint)

    def update(self, config: str, **deployment: Any) -> dict[str, Any]:
        """Update the endpoint; what is told of it once it has settled."""
        self.begin_update(config, **deployment)
        return self.settled()

    def begin_update(self, config: str, **deployment: Any) -> None:
        more = {"DeploymentConfig": deployment} if deployment else {}
        self.sagemaker.update_endpoint(EndpointName="e", EndpointConfigName=config, **more)

    def told(self, endpoint: str = "e") -> dict[str, Any]:
        """DescribeEndpoint."""
        return dict(self.sagemaker.describe_endpoint(EndpointName=endpoint))

    def settled(self, endpoint: str = "e", within_s: float = 60.0) -> dict[str, Any]:
        until = time.monotonic() + within_s
        while time.monotonic() < until:
            told = self.told(endpoint)
            if told["EndpointStatus"] in ("InService", "Failed"):
                return told
            time.sleep(0.03)
        raise AssertionError(f"still {told}")

    def ask(self, text: str = "hi", endpoint: str = "e", **more: Any) -> str:
        """InvokeEndpoint."""
        answer = self.runtime.invoke_endpoint(
            EndpointName=endpoint, Body=text.encode(), ContentType="text/plain", **more
        )
        return str(answer["Body"].read().decode())

    def alarm(self, name: str = ERRORS_ALARM, **changes: Any) -> None:
        """An alarm on more than a tenth of server errors, in one period."""
        plain = {
            "Namespace": "AWS/SageMaker",
            "MetricName": "Invocation5XXErrors",
            "Dimensions": [
                {"Name": "EndpointName", "Value": "e"},
                {"Name": "VariantName", "Value": "AllTraffic"},
            ],
            "Statistic": "Average",
            "Period": 60,
            "EvaluationPeriods": 1,
            "Threshold": 0.1,
            "ComparisonOperator": "GreaterThanThreshold",
            "TreatMissingData": "notBreaching",
        }
        given = {k: v for k, v in (plain | changes).items() if v is not None}
        self.cloudwatch.put_metric_alarm(AlarmName=name, **given)

    def state(self, name: str = ERRORS_ALARM) -> str:
        (alarm,) = self.cloudwatch.describe_alarms(AlarmNames=[name])["MetricAlarms"]
        return str(alarm["StateValue"])

    def until(self, reached: Callable[[], bool], within_s: float = 20.0) -> None:
        until = time.monotonic() + within_s
        while not reached():
            assert time.monotonic() < until
            time.sleep(0.02)


@pytest.fixture
def account(loopback: "Loopback") -> Account:
    return Account(loopback)


@pytest.fixture
def client_error() -> Iterator[Any]:
    """The code and message of the ClientError that a call raises."""

    def told(call: Callable[..., Any], **request: Any) -> tuple[str, str]:
        with pytest.raises(ClientError) as raised:
            call(**request)
        error = raised.value.response["Error"]
        return error["Code"], error["Message"]

    return told


def canary(wait_s: int, percent: int = 20, alarms: tuple[str, ...] = ()) -> dict[str, Any]:
    size = {"Type": "CAPACITY_PERCENT", "Value": percent}
    routing = {"Type": "CANARY", "CanarySize": size, "WaitIntervalInSeconds": wait_s}
    return deployed(routing, alarms)


def deployed(routing: dict[str, Any], alarms: tuple[str, ...] = ()) -> dict[str, Any]:
    made: dict[str, Any] = {"BlueGreenUpdatePolicy": {"TrafficRoutingConfiguration": routing}}
    if alarms:
        named = [{"AlarmName": each} for each in alarms]
        made["AutoRollbackConfiguration"] = {"Alarms": named}
    return made


def processes(folder: Path) -> list[int]:
    """Processes whose command line or folder lies in the loopback's."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                line = (entry / "cmdline").read_bytes() + bytes((entry / "cwd").readlink())
            except OSError:
                continue
            if str(folder).encode() in line:
                found.append(int(entry.name))
    return found


def test_an_endpoint_is_a_process_over_a_model_that_it_cannot_write(account: Account) -> None:
    account.offer("one", says="one")
    told = account.create("one")
    assert told["EndpointStatus"] == "InService"
    assert told["EndpointConfigName"] == "one"
    (variant,) = told["ProductionVariants"]
    assert variant["CurrentInstanceCount"] == 1
    assert variant["DeployedImages"][0]["SpecifiedImage"] == f"{REPOSITORY}/toy:1"
    answer = account.runtime.invoke_endpoint(
        EndpointName="e", Body=b"hi", ContentType="text/plain", CustomAttributes="c000b4f9"
    )
    assert answer["Body"].read() == b"one:hi"
    assert answer["InvokedProductionVariant"] == "AllTraffic"
    assert answer["CustomAttributes"] == "c000b4f9"
    assert answer["ContentType"] == "text/plain"
    logs, group = account.loop.client("logs"), "/aws/sagemaker/Endpoints/e"
    (stream,) = logs.describe_log_streams(logGroupName=group)["logStreams"]
    assert stream["logStreamName"].startswith("AllTraffic/i-")
    events = logs.get_log_events(logGroupName=group, logStreamName=stream["logStreamName"])
    assert "the model is read-only" in [each["message"] for each in events["events"]]


def test_a_packed_model_is_unpacked(account: Account, tmp_path: Path) -> None:
    (tmp_path / "behaviour.json").write_text('{"says": "packed"}')
    archive = tmp_path / "model.tar.gz"
    subprocess.run(["tar", "-czf", archive, "-C", tmp_path, "behaviour.json"], check=True)
    account.s3.upload_file(str(archive), BUCKET, "m/model.tar.gz")
    container = {
        "Image": f"{REPOSITORY}/toy:1",
        "ModelDataUrl": f"s3://{BUCKET}/m/model.tar.gz",
    }
    account.sagemaker.create_model(
        ModelName="packed", ExecutionRoleArn=ROLE, PrimaryContainer=container
    )
    account.config("packed")
    account.create("packed")
    assert account.ask() == "packed:hi"


def test_deleting_ends_the_process_and_forgets(account: Account, client_error: Any) -> None:
    account.offer("one")
    account.create("one")
    assert processes(account.loop.folder)
    account.sagemaker.delete_endpoint(EndpointName="e")
    account.until(lambda: not account.sagemaker.list_endpoints()["Endpoints"])
    assert processes(account.loop.folder) == []
    code, message = client_error(account.sagemaker.describe_endpoint, EndpointName="e")
    assert (code, message[:25]) == ("ValidationException", 'Could not find endpoint "')


@pytest.mark.parametrize("behaviour", [{"ping": 503}, {}], ids=["unhealthy", "ended"])
def test_a_container_that_is_not_healthy_in_time_fails_the_endpoint(
    account: Account, behaviour: dict[str, Any], client_error: Any
) -> None:
    if behaviour:
        account.loop.hosting.pace.startup = 0.02
        account.model("bad", **behaviour)
    else:
        account.loop.hosting.images["gone"] = ("false",)
        account.model("bad", image="gone")
    account.config("bad")
    told = account.create("bad")
    assert told["EndpointStatus"] == "Failed"
    assert told["FailureReason"].startswith(
        "The primary container for production variant AllTraffic did not pass the ping health check"
    )
    assert processes(account.loop.folder) == []
    code, _ = client_error(
        account.runtime.invoke_endpoint, EndpointName="e", Body=b"", ContentType="a/b"
    )
    assert code == "ValidationError"
    account.sagemaker.delete_endpoint(EndpointName="e")


def test_names_are_taken_once_and_must_be_known(account: Account, client_error: Any) -> None:
    account.offer("one")
    account.create("one")
    client = account.sagemaker
    refused = client_error(client.create_endpoint, EndpointName="e", EndpointConfigName="one")
    assert refused[1].startswith('Cannot create already existing endpoint "arn:aws:sagemaker')
    refused = client_error(client.create_endpoint, EndpointName="f", EndpointConfigName="no")
    assert refused[1].startswith('Could not find endpoint configuration "arn:aws:sagemaker')
    refused = client_error(account.config, name="one")
    assert refused[1].startswith("Cannot create already existing endpoint configuration")
    refused = client_error(account.model, name="one")
    assert refused[1].startswith("Cannot create already existing model")
    refused = client_error(
        account.runtime.invoke_endpoint, EndpointName="no", Body=b"", ContentType="a/b"
    )
    assert refused == ("ValidationError", "Endpoint no of account 123456789012 not found.")


def test_a_model_without_its_data_is_refused(account: Account, client_error: Any) -> None:
    container = {"Image": f"{REPOSITORY}/toy:1", "ModelDataUrl": f"s3://{BUCKET}/no.tar.gz"}
    code, message = client_error(
        account.sagemaker.create_model,
        ModelName="m",
        ExecutionRoleArn=ROLE,
        PrimaryContainer=container,
    )
    assert code == "ValidationException"
    assert message == f"Could not find model data at s3://{BUCKET}/no.tar.gz."


def test_requests_are_held_to_awss_description(account: Account, client_error: Any) -> None:
    account.model("one")
    code, message = client_error(
        account.config, name="one", variant={"InstanceType": "ml.x9.xlarge"}
    )
    assert code == "ValidationException"
    assert "'ml.x9.xlarge', expected one of" in message


def test_a_container_error_is_a_424_with_the_status_that_it_gave(account: Account) -> None:
    account.offer("broken", says="no", status=503)
    account.create("broken")
    with pytest.raises(ClientError) as raised:
        account.ask()
    response = raised.value.response
    assert response["Error"]["Code"] == "ModelError"
    assert response["ResponseMetadata"]["HTTPStatusCode"] == 424
    assert response["OriginalStatusCode"] == 503
    assert response["OriginalMessage"] == "no:hi"
    assert response["LogStreamArn"].endswith("log-group:/aws/sagemaker/Endpoints/e")
    assert response["Error"]["Message"].startswith("Received server error (503) from primary")


def test_a_request_that_takes_too_long_is_a_model_error(account: Account) -> None:
    account.loop.hosting.pace.invocation_s = 0.2
    account.offer("slow", sleep_s=2)
    account.create("slow")
    with pytest.raises(ClientError, match="Your invocation timed out") as raised:
        account.ask()
    assert raised.value.response["OriginalStatusCode"] == 0


def test_a_payload_over_the_limit_is_refused(account: Account, client_error: Any) -> None:
    account.offer("one")
    account.create("one")
    ask = {"EndpointName": "e", "ContentType": "text/plain"}
    assert account.runtime.invoke_endpoint(Body=b"x" * 6_291_456, **ask)["Body"].read()
    code, message = client_error(account.runtime.invoke_endpoint, Body=b"x" * 6_291_457, **ask)
    assert (code, message) == ("413", "HTTP content length exceeded 6291456 bytes.")


def test_an_update_without_a_policy_moves_at_once_and_ends_the_old_process(
    account: Account,
) -> None:
    account.offer("one", says="one")
    account.offer("two", says="two")
    account.create("one")
    told = account.update("two")
    assert (told["EndpointStatus"], told["EndpointConfigName"]) == ("InService", "two")
    assert "PendingDeploymentSummary" not in told
    assert "FailureReason" not in told
    assert account.ask() == "two:hi"
    assert len(account.loop.hosting.endpoints["e"].blue.variants[0].containers) == 1


def test_a_canary_takes_its_share_and_then_everything(account: Account) -> None:
    account.offer("one", says="one")
    account.offer("two", says="two")
    account.create("one")
    account.loop.hosting.pace.waits = 1.0
    account.begin_update("two", **canary(wait_s=200, percent=20))
    account.until(lambda: account.loop.hosting.endpoints["e"].share == 0.2)
    told = account.told()
    assert told["EndpointStatus"] == "Updating"
    assert told["EndpointConfigName"] == "one"
    pending = told["PendingDeploymentSummary"]
    assert pending["EndpointConfigName"] == "two"
    assert pending["ProductionVariants"][0]["VariantStatus"][0]["Status"] in (
        "ActivatingTraffic",
        "Baking",
    )
    answers = Counter(account.ask() for _ in range(20))
    assert answers == {"one:hi": 16, "two:hi": 4}
    account.loop.hosting.pace.waits = 0.0
    told = account.settled()
    assert told["EndpointConfigName"] == "two"
    assert told["LastDeploymentConfig"] == canary(wait_s=200, percent=20)
    assert account.ask() == "two:hi"


def test_linear_steps_grow_by_their_size(account: Account) -> None:
    account.offer("one", says="one")
    account.offer("two", says="two")
    account.create("one")
    size = {"Type": "CAPACITY_PERCENT", "Value": 40}
    routing = {"Type": "LINEAR", "LinearStepSize": size, "WaitIntervalInSeconds": 30}
    endpoint, seen = account.loop.hosting.endpoints["e"], []
    account.begin_update("two", **deployed(routing))
    while endpoint.status == "Updating":
        if endpoint.green is not None and endpoint.share not in seen:
            seen.append(endpoint.share)
        time.sleep(0.01)
    assert seen == [0.0, 0.4, 0.8, 1.0]


def test_nobody_asks_in_vain_while_fleets_change(account: Account) -> None:
    account.offer("one", says="one", sleep_s=0.02)
    account.offer("two", says="two", sleep_s=0.02)
    account.create("one")
    stop, answers = threading.Event(), Counter[str]()

    def ask() -> None:
        while not stop.is_set():
            answers[account.ask()] += 1

    with ThreadPoolExecutor(3) as pool:
        asking = [pool.submit(ask) for _ in range(3)]
        account.update("two", **canary(wait_s=30))
        account.update("one", **canary(wait_s=30))
        stop.set()
        for each in asking:
            each.result()
    assert set(answers) == {"one:hi", "two:hi"}


def test_an_alarm_during_baking_takes_everything_back(account: Account) -> None:
    account.offer("good", says="good")
    account.offer("bad", status=500)
    account.create("good")
    account.alarm(Threshold=0.01)
    account.begin_update("bad", **canary(wait_s=2000, percent=50, alarms=(ERRORS_ALARM,)))
    began = time.monotonic()
    while account.told()["EndpointStatus"] == "Updating":
        with suppress(ClientError):
            account.ask()
    assert time.monotonic() - began < 15, "20 s of baking were cut short"
    told = account.told()
    assert (told["EndpointStatus"], told["EndpointConfigName"]) == ("InService", "good")
    assert told["FailureReason"] == (
        "The update to bad was rolled back: alarms errors were in state ALARM."
    )
    assert "PendingDeploymentSummary" not in told
    assert [account.ask() for _ in range(5)] == ["good:hi"] * 5


def test_a_forced_alarm_takes_everything_back_too(account: Account) -> None:
    account.offer("one", says="one")
    account.offer("two", says="two")
    account.create("one")
    account.alarm()
    account.begin_update("two", **canary(wait_s=2000, alarms=(ERRORS_ALARM,)))
    account.until(lambda: account.loop.hosting.endpoints["e"].share > 0)
    account.cloudwatch.set_alarm_state(
        AlarmName=ERRORS_ALARM, StateValue="ALARM", StateReason="golden answers differ"
    )
    assert account.settled()["EndpointConfigName"] == "one"
    account.until(lambda: account.state() == "OK")


def test_a_new_fleet_that_is_never_healthy_takes_everything_back(account: Account) -> None:
    account.offer("one", says="one")
    account.offer("two", says="two")
    account.create("one")
    account.loop.faults.fleets = [FleetFault(no_ping=True)]
    told = account.update("two", **canary(wait_s=100))
    assert (told["EndpointStatus"], told["EndpointConfigName"]) == ("InService", "one")
    assert "did not pass the ping health check" in told["FailureReason"]
    assert account.ask() == "one:hi"
    told = account.update("two")
    assert (told["EndpointConfigName"], told.get("FailureReason")) == ("two", None)


def test_planned_errors_are_the_next_fleets_alone(account: Account) -> None:
    account.offer("one", says="one")
    account.offer("two", says="two")
    account.create("one")
    account.loop.faults.fleets = [FleetFault(status=500)]
    account.update("two")
    with pytest.raises(ClientError, match="ModelError"):
        account.ask()
    account.update("one")
    assert account.ask() == "one:hi"


@pytest.mark.parametrize(
    ("deployment", "words"),
    [
        (canary(1, percent=60), "CanarySize is 60%"),
        (deployed({"Type": "CANARY", "WaitIntervalInSeconds": 1}), "CanarySize is required"),
        (canary(1, alarms=("no",)), "Could not find the alarms no"),
        (canary(3601), "at most 3600"),
    ],
    ids=["too large", "no size", "no such alarm", "too long"],
)
def test_what_aws_refuses_of_a_deployment_is_refused(
    account: Account, client_error: Any, deployment: dict[str, Any], words: str
) -> None:
    account.offer("one")
    account.create("one")
    account.offer("two")
    code, message = client_error(account.begin_update, config="two", **deployment)
    assert code == "ValidationException"
    assert words in message
    assert account.told()["EndpointStatus"] == "InService"


def test_an_endpoint_that_changes_can_be_neither_updated_nor_deleted(
    account: Account, client_error: Any
) -> None:
    account.offer("one")
    account.offer("two")
    account.create("one")
    account.begin_update("two", **canary(wait_s=300))
    code, message = client_error(account.begin_update, config="one")
    assert code == "ValidationException"
    assert message.startswith("Cannot update in-progress endpoint")
    code, message = client_error(account.sagemaker.delete_endpoint, EndpointName="e")
    assert message.startswith("Cannot update in-progress endpoint")


def test_variants_share_by_weight_and_can_be_named(account: Account) -> None:
    account.model("one", says="one")
    account.model("two", says="two")
    instance = {"InstanceType": "ml.m5.large", "InitialInstanceCount": 1}
    variants = [
        {"VariantName": "A", "ModelName": "one", "InitialVariantWeight": 3.0} | instance,
        {"VariantName": "B", "ModelName": "two", "InitialVariantWeight": 1.0} | instance,
    ]
    account.sagemaker.create_endpoint_config(EndpointConfigName="ab", ProductionVariants=variants)
    account.create("ab")
    assert Counter(account.ask() for _ in range(12)) == {"one:hi": 9, "two:hi": 3}
    assert account.ask(TargetVariant="B") == "two:hi"
    with pytest.raises(ClientError, match="Variant C"):
        account.ask(TargetVariant="C")
    account.sagemaker.update_endpoint_weights_and_capacities(
        EndpointName="e",
        DesiredWeightsAndCapacities=[
            {"VariantName": "A", "DesiredWeight": 0.0, "DesiredInstanceCount": 2}
        ],
    )
    told = account.settled()["ProductionVariants"]
    assert [(v["CurrentWeight"], v["CurrentInstanceCount"]) for v in told] == [(0.0, 2), (1.0, 1)]
    assert {account.ask() for _ in range(4)} == {"two:hi"}
    assert len(account.loop.hosting.endpoints["e"].blue.variants[0].containers) == 2


def test_a_container_that_dies_is_started_again(account: Account) -> None:
    account.offer("one", says="one")
    account.create("one")
    with pytest.raises(ClientError, match="ModelError"):
        account.ask("die")

    def answers() -> bool:
        try:
            return account.ask() == "one:hi"
        except ClientError:
            return False

    account.until(answers)
    assert account.told()["EndpointStatus"] == "InService"


def test_a_serverless_endpoint_throttles_above_its_concurrency(account: Account) -> None:
    account.model("slow", sleep_s=1.5)
    serverless = {"ServerlessConfig": {"MemorySizeInMB": 2048, "MaxConcurrency": 2}}
    account.config("slow", serverless)
    told = account.create("slow")
    (variant,) = told["ProductionVariants"]
    assert variant["CurrentServerlessConfig"] == serverless["ServerlessConfig"]
    runtime = account.loop.boto.client(
        "sagemaker-runtime", endpoint_url=account.loop.url, config=_no_retries()
    )

    def ask(_: int) -> str:
        try:
            runtime.invoke_endpoint(EndpointName="e", Body=b"x", ContentType="text/plain")
        except ClientError as error:
            return str(error.response["Error"]["Code"])
        return "answered"

    with ThreadPoolExecutor(4) as pool:
        told_of = Counter(pool.map(ask, range(4)))
    assert told_of == {"answered": 2, "ThrottlingException": 2}


def _no_retries() -> Any:
    from botocore.config import Config

    return Config(retries={"max_attempts": 0})


def test_an_asynchronous_endpoint_answers_into_s3(account: Account, client_error: Any) -> None:
    account.model("later", says="later")
    output = {
        "S3OutputPath": f"s3://{BUCKET}/out",
        "S3FailurePath": f"s3://{BUCKET}/failed",
    }
    account.config("later", AsyncInferenceConfig={"OutputConfig": output})
    told = account.create("later")
    assert told["AsyncInferenceConfig"]["OutputConfig"] == output
    account.s3.put_object(Bucket=BUCKET, Key="in/1", Body=b"hi")

    def read(uri: str) -> bytes:
        key = uri.removeprefix(f"s3://{BUCKET}/")
        account.until(lambda: account.s3.list_objects_v2(Bucket=BUCKET, Prefix=key)["KeyCount"])
        return bytes(account.s3.get_object(Bucket=BUCKET, Key=key)["Body"].read())

    sent = {"EndpointName": "e", "ContentType": "text/plain", "InferenceId": "r1"}
    answer = account.runtime.invoke_endpoint_async(InputLocation=f"s3://{BUCKET}/in/1", **sent)
    assert answer["InferenceId"] == "r1"
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 202
    assert read(answer["OutputLocation"]) == b"later:hi"
    answer = account.runtime.invoke_endpoint_async(InputLocation=f"s3://{BUCKET}/in/no", **sent)
    assert b"Failed to download the input" in read(answer["FailureLocation"])
    code, message = client_error(account.ask)
    assert (code, message) == ("ValidationError", "Endpoint e takes InvokeEndpointAsync.")


def test_an_asynchronous_failure_is_written_where_failures_go(account: Account) -> None:
    account.model("later", says="no", status=500)
    output = {"S3OutputPath": f"s3://{BUCKET}/out", "S3FailurePath": f"s3://{BUCKET}/failed"}
    account.config("later", AsyncInferenceConfig={"OutputConfig": output})
    account.create("later")
    account.s3.put_object(Bucket=BUCKET, Key="in/1", Body=b"hi")
    place = account.runtime.invoke_endpoint_async(
        EndpointName="e", InputLocation=f"s3://{BUCKET}/in/1", ContentType="text/plain"
    )
    key = place["FailureLocation"].removeprefix(f"s3://{BUCKET}/")
    account.until(lambda: account.s3.list_objects_v2(Bucket=BUCKET, Prefix=key)["KeyCount"])
    said = account.s3.get_object(Bucket=BUCKET, Key=key)["Body"].read()
    assert said == b'Received server error (500) from primary with message "no:hi".'


def test_asynchronous_requests_wait_where_no_instance_runs(account: Account) -> None:
    account.model("later", says="later")
    output = {"S3OutputPath": f"s3://{BUCKET}/out"}
    account.config("later", AsyncInferenceConfig={"OutputConfig": output})
    account.create("later")

    def rescale(instances: int) -> None:
        wanted = {"VariantName": "AllTraffic", "DesiredInstanceCount": instances}
        account.sagemaker.update_endpoint_weights_and_capacities(
            EndpointName="e", DesiredWeightsAndCapacities=[wanted]
        )
        account.settled()

    def highest(metric: str) -> float:
        now = datetime.now(UTC)
        told = account.cloudwatch.get_metric_statistics(
            Namespace="AWS/SageMaker",
            MetricName=metric,
            Dimensions=[{"Name": "EndpointName", "Value": "e"}],
            StartTime=now - timedelta(minutes=5),
            EndTime=now + timedelta(minutes=5),
            Period=600,
            Statistics=["Maximum"],
        )["Datapoints"]
        return float(told[0]["Maximum"]) if told else 0.0

    rescale(0)
    account.s3.put_object(Bucket=BUCKET, Key="in/1", Body=b"hi")
    account.runtime.invoke_endpoint_async(
        EndpointName="e", InputLocation=f"s3://{BUCKET}/in/1", ContentType="text/plain"
    )
    assert highest("HasBacklogWithoutCapacity") == 1.0
    assert highest("ApproximateBacklogSize") == 1.0
    assert account.s3.list_objects_v2(Bucket=BUCKET, Prefix="out/")["KeyCount"] == 0
    rescale(1)
    account.until(lambda: account.s3.list_objects_v2(Bucket=BUCKET, Prefix="out/")["KeyCount"])
    account.until(lambda: highest("InvocationsProcessed") == 1.0)
    assert highest("InvocationFailures") == 0.0


def test_invocations_become_metrics(account: Account) -> None:
    account.offer("one", sleep_s=0.05)
    account.create("one")
    for _ in range(3):
        account.ask()
    now = datetime.now(UTC)

    def total(metric: str, statistic: str) -> float:
        (point,) = account.cloudwatch.get_metric_statistics(
            Namespace="AWS/SageMaker",
            MetricName=metric,
            Dimensions=[
                {"Name": "EndpointName", "Value": "e"},
                {"Name": "VariantName", "Value": "AllTraffic"},
                {"Name": "EndpointConfigName", "Value": "one"},
            ],
            StartTime=now - timedelta(minutes=5),
            EndTime=now + timedelta(minutes=5),
            Period=600,
            Statistics=[statistic],
        )["Datapoints"]
        return float(point[statistic])

    assert total("Invocations", "Sum") == 3
    assert total("Invocation5XXErrors", "Sum") == 0
    assert total("ModelLatency", "Minimum") >= 50_000
    assert total("OverheadLatency", "Average") > 0


def test_no_process_outlives_a_reset(account: Account) -> None:
    account.offer("one")
    account.offer("two")
    account.create("one")
    account.begin_update("two", **canary(wait_s=1000))
    account.until(lambda: account.loop.hosting.endpoints["e"].share > 0)
    assert len(processes(account.loop.folder)) > 1
    account.loop.reset()
    assert processes(account.loop.folder) == []
    assert account.sagemaker.list_endpoints()["Endpoints"] == []


ORPHAN = """
import json, sys, time
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from loopback.server import BUCKET, Loopback
loop = Loopback(Path(sys.argv[2])).__enter__()
sagemaker = loop.client("sagemaker")
loop.client("s3").put_object(Bucket=BUCKET, Key="m/behaviour.json", Body=b"{}")
source = {"S3Uri": f"s3://{BUCKET}/m/", "S3DataType": "S3Prefix", "CompressionType": "None"}
image = "123456789012.dkr.ecr.us-east-1.amazonaws.com/toy"
container = {"Image": image, "ModelDataSource": {"S3DataSource": source}}
role = "arn:aws:iam::123456789012:role/radimpress-execution"
sagemaker.create_model(ModelName="m", ExecutionRoleArn=role, PrimaryContainer=container)
instance = {"InstanceType": "ml.m5.large", "InitialInstanceCount": 1}
variants = [{"VariantName": "A", "ModelName": "m"} | instance]
sagemaker.create_endpoint_config(EndpointConfigName="c", ProductionVariants=variants)
sagemaker.create_endpoint(EndpointName="e", EndpointConfigName="c")
while sagemaker.describe_endpoint(EndpointName="e")["EndpointStatus"] == "Creating":
    time.sleep(0.05)
print("in service", flush=True)
time.sleep(60)
"""


def test_no_process_outlives_the_loopback_even_killed(root: Path, tmp_path: Path) -> None:
    loop = subprocess.Popen(
        [sys.executable, "-c", ORPHAN, str(root / "tests"), str(tmp_path)],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert loop.stdout is not None
    assert loop.stdout.readline() == "in service\n"
    assert len(processes(tmp_path / "endpoints")) >= 1
    loop.send_signal(signal.SIGKILL)
    loop.wait()
    until = time.monotonic() + 5
    while processes(tmp_path / "endpoints") and time.monotonic() < until:
        time.sleep(0.05)
    assert processes(tmp_path / "endpoints") == []
