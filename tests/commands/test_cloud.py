import io
import json
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer

from loopback.server import Loopback
from loopback.stand_in import StandIn, model_error, standing_in
from radimpress.cloud.inventory.only_copies import OnlyCopy
from radimpress.cloud.tags import tags
from radimpress.commands.cloud import batch, invoke, status, teardown
from radimpress.commands.models import summarize
from radimpress.config.cloud import Cloud
from radimpress.runtime.errors import RadimpressError

Printed = pytest.CaptureFixture[str]


@pytest.fixture
def endpoint(
    loopback: Loopback, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, root: Path
) -> Iterator[StandIn]:
    monkeypatch.setenv("DVC_ROOT", str(tmp_path))
    monkeypatch.chdir(root)
    with standing_in(loopback) as stand_in:
        yield stand_in


@pytest.fixture
def file(tmp_path: Path) -> Path:
    rows = [{"study_id": f"s{n}", "findings": f"clear {n}."} for n in range(5)]
    (tmp_path / "asked.jsonl").write_text("\n".join(map(json.dumps, rows)))
    return tmp_path / "asked.jsonl"


def test_one_finding_is_answered_as_the_app_answers(endpoint: StandIn, capsys: Printed) -> None:
    invoke("stand-in", findings="Clear.")
    answer = json.loads(capsys.readouterr().out)
    assert (answer["impression"], answer["model"]["version"]) == ("1: CLEAR.", "1")


def test_one_fault_that_hides_every_part_is_said_once(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: Printed
) -> None:
    monkeypatch.chdir(root)
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"http://127.0.0.1:{server.getsockname()[1]}"
    for name, value in (("ENDPOINT_URL", url), ("REGION", "us-east-1")):
        monkeypatch.setenv(f"AWS_{name}", value)
    for name in ("ACCESS_KEY_ID", "SECRET_ACCESS_KEY"):
        monkeypatch.setenv(f"AWS_{name}", "loopback")
    with pytest.raises(RadimpressError, match="^nobody listens"):
        status()
    with pytest.raises(RadimpressError, match="what is left is not known; next: run the same"):
        teardown(yes=True)
    assert capsys.readouterr().err.count("not seen: nobody listens") == 1


def test_empty_findings_do_not_wait_for_standard_input(endpoint: StandIn) -> None:
    with pytest.raises(RadimpressError, match="--findings is empty; next: give the findings"):
        invoke("stand-in", findings=" ")


def test_a_batch_of_a_missing_file_fetches_no_model(tmp_path: Path) -> None:
    with pytest.raises(RadimpressError, match=r"nowhere\.jsonl is missing; next: give an existing"):
        batch(tmp_path / "nowhere.jsonl", output="x.jsonl", model=str(tmp_path / "none"))


def test_lines_are_answered_in_order_and_a_failure_is_a_line_too(
    endpoint: StandIn, file: Path, capsys: Printed, tmp_path: Path
) -> None:
    endpoint.troubles["s3"] = [model_error(400)]
    with pytest.raises(typer.Exit) as ended:
        invoke("stand-in", str(file))
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert ended.value.exit_code == 1
    assert [line.get("impression") for line in lines] == [
        *(f"1: CLEAR {n}." for n in range(3)),
        *(None, "1: CLEAR 4."),
    ]
    assert lines[3] == {"study_id": "s3", "error": {"message": "status 400"}}
    invoke("stand-in", str(file))
    assert endpoint.asked == {**{f"s{n}": 1 for n in range(5)}, "s3": 2}
    assert len(capsys.readouterr().out.splitlines()) == 5
    assert not list((tmp_path / "data").rglob("*.jsonl"))


def test_summaries_from_an_endpoint_look_like_those_from_a_folder(
    endpoint: StandIn, file: Path, capsys: Printed
) -> None:
    summarize(str(file), endpoint="stand-in")
    first = json.loads(capsys.readouterr().out.splitlines()[0])
    assert first == {"study_id": "s0", "impression": "1: CLEAR 0."}
    summarize("Clear.", endpoint="stand-in")
    assert capsys.readouterr().out == "1: CLEAR.\n"


def test_standard_input_is_read(
    endpoint: StandIn, capsys: Printed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO('{"findings": "wet."}\n'))
    invoke("stand-in")
    assert json.loads(capsys.readouterr().out)["impression"] == "1: WET."


def test_status_shows_what_is_there_and_what_it_costs(
    loopback: Loopback, root: Path, monkeypatch: pytest.MonkeyPatch, capsys: Printed
) -> None:
    monkeypatch.chdir(root)
    with pytest.raises(typer.Exit) as ended:
        status()
    assert ended.value.exit_code == 0
    assert "nothing of project radimpress" in capsys.readouterr().out
    request = {"Namespace": "n", "MetricName": "m", "Period": 60, "Statistic": "Sum"}
    loopback.client("cloudwatch").put_metric_alarm(
        AlarmName="radimpress-errors",
        EvaluationPeriods=1,
        Threshold=1.0,
        ComparisonOperator="GreaterThanThreshold",
        Tags=tags(Cloud(), "alarm"),
        **request,
    )
    with pytest.raises(typer.Exit):
        status(as_json=True)
    (alarm,) = json.loads(capsys.readouterr().out)["resources"]
    assert (alarm["kind"], alarm["name"]) == ("alarm", "radimpress-errors")
    with pytest.raises(RadimpressError, match="add --yes"):
        teardown()
    capsys.readouterr()
    teardown(yes=True)
    said = capsys.readouterr().out
    assert "1/1 alarm radimpress-errors: removed" in said
    assert "nothing is left that costs by the hour" in " ".join(said.split())


@pytest.fixture
def trained(loopback: Loopback, root: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """A bucket of the project with the weights of a model that is registered by reference."""
    monkeypatch.chdir(root)
    copy = OnlyCopy("radimpress version 3", "jobs/k1/output/")
    monkeypatch.setattr("radimpress.cloud.inventory.only_copies.only_copies", lambda *_: (copy,))
    s3, bucket = loopback.client("s3"), "radimpress-123456789012-us-east-1"
    s3.put_bucket_tagging(Bucket=bucket, Tagging={"TagSet": tags(Cloud(), "bucket")})
    for key in ("jobs/k1/output/model.safetensors", "jobs/k1/checkpoints/a", "content/a"):
        s3.put_object(Bucket=bucket, Key=key, Body=b"x")
    return {"Bucket": bucket}


def test_the_only_copy_of_a_model_stays_unless_it_is_asked_for(
    loopback: Loopback, trained: dict[str, str], capsys: Printed
) -> None:
    s3 = loopback.client("s3")
    teardown(yes=True, data=True)
    said = " ".join(capsys.readouterr().out.split())
    assert "radimpress version 3 stays: jobs/k1/output/ holds its only copy" in said
    assert "emptied; the bucket itself stays" in said
    assert "the bucket stays, with DVC's objects and the models above" in said
    left = [each["Key"] for each in s3.list_objects_v2(**trained)["Contents"]]
    assert left == ["jobs/k1/output/model.safetensors"]
    teardown(yes=True, data=True, models=True)
    assert "version 3 stays" not in capsys.readouterr().out
    assert "Contents" not in s3.list_objects_v2(**trained)


def test_models_are_data() -> None:
    with pytest.raises(RadimpressError, match="--models was given without --data"):
        teardown(yes=True, models=True)
