from typing import Any

import pytest

from loopback.validation import unread_patterns, validate

DATA_SOURCE: dict[str, Any] = {
    "AwsAccountId": "123456789012",
    "DataSourceId": "radimpress",
    "Name": "radimpress",
    "Type": "S3",
    "DataSourceParameters": {
        "S3Parameters": {"ManifestFileLocation": {"Bucket": "bucket", "Key": "manifest.json"}}
    },
}
ENDPOINT = {"EndpointName": "radimpress", "EndpointConfigName": "radimpress-1"}


def test_a_right_request_has_no_errors() -> None:
    assert validate("quicksight", "CreateDataSource", DATA_SOURCE) == []
    assert validate("sagemaker", "CreateEndpoint", ENDPOINT) == []


def test_a_wrong_enum_is_named_with_what_is_allowed() -> None:
    (told,) = validate("quicksight", "CreateDataSource", DATA_SOURCE | {"Type": "S4"})
    assert told.startswith("CreateDataSource.Type is 'S4', expected one of ADOBE_ANALYTICS")


def test_a_name_that_the_pattern_forbids_is_found_where_botocore_sends_it() -> None:
    (told,) = validate("sagemaker", "CreateEndpoint", ENDPOINT | {"EndpointName": "a_b"})
    assert "CreateEndpoint.EndpointName is 'a_b', expected the pattern" in told


def test_a_pattern_must_fit_the_whole_value() -> None:
    (told,) = validate("sagemaker", "CreateEndpoint", ENDPOINT | {"EndpointName": "ab\n"})
    assert "pattern" in told


@pytest.mark.parametrize(
    ("percent", "told"),
    [
        (3600, []),
        (3601, ["the value 3601, expected at most 3600"]),
        (-1, ["value: -1, valid min value: 0"]),
    ],
)
def test_limits_are_checked_once_below_and_above(percent: int, told: list[str]) -> None:
    routing = {"Type": "ALL_AT_ONCE", "WaitIntervalInSeconds": percent}
    config = {"BlueGreenUpdatePolicy": {"TrafficRoutingConfiguration": routing}}
    found = validate("sagemaker", "UpdateEndpoint", ENDPOINT | {"DeploymentConfig": config})
    assert len(found) == len(told)
    for line, words in zip(found, told, strict=True):
        assert words in line
        assert "WaitIntervalInSeconds" in line


def test_lists_that_are_too_long_and_their_members_are_found() -> None:
    alarms = [{"AlarmName": "a"}] * 10 + [{"AlarmName": " "}]
    config = {"AutoRollbackConfiguration": {"Alarms": alarms}}
    found = validate("sagemaker", "UpdateEndpoint", ENDPOINT | {"DeploymentConfig": config})
    assert len(found) == 2
    assert "Alarms has the length 11, expected at most 10" in found[0]
    assert "Alarms[10].AlarmName is ' '" in found[1]


def test_all_errors_are_listed_with_botocores_own() -> None:
    found = validate("quicksight", "CreateDataSource", {"Type": "S4", "Nmae": "x"})
    assert len([each for each in found if "Missing required parameter" in each]) == 3
    assert len([each for each in found if 'Unknown parameter in input: "Nmae"' in each]) == 1
    assert len([each for each in found if "expected one of" in each]) == 1
    assert len(found) == 5


def test_values_of_the_wrong_type_are_reported_and_not_looked_into() -> None:
    (told,) = validate("sagemaker", "CreateEndpoint", ENDPOINT | {"Tags": "no list"})
    assert "Invalid type for parameter Tags" in told


def test_tags_hold_to_a_pattern_of_letters_of_all_scripts() -> None:
    good = ENDPOINT | {"Tags": [{"Key": "radimpress:kind", "Value": "Größe 1"}]}
    bad = ENDPOINT | {"Tags": [{"Key": "radimpress:kind", "Value": "a;b"}]}
    assert validate("sagemaker", "CreateEndpoint", good) == []
    assert len(validate("sagemaker", "CreateEndpoint", bad)) == 1


@pytest.mark.parametrize(
    "service",
    ["sagemaker", "sagemaker-runtime", "quicksight", "cloudwatch", "application-autoscaling"],
)
def test_next_to_no_pattern_is_left_unread(service: str) -> None:
    assert len(unread_patterns(service)) <= 2
