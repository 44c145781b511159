import json

import pytest

from loopback.validation import validate
from radimpress.cloud.dashboard.quicksight import Names, publish, requests
from radimpress.cloud.dashboard.tables import TABLES
from radimpress.cloud.session import Session
from radimpress.config.cloud import Cloud
from radimpress.runtime.errors import RadimpressError

OWNER = "arn:aws:quicksight:us-east-1:123456789012:user/default/reader"


@pytest.fixture
def session():
    opened = Session(Cloud(project="chest"), "us-east-1")
    opened.__dict__["account"] = "123456789012"
    return opened


@pytest.mark.parametrize("operation", ["CreateDataSource", "CreateDashboard", "CreateDataSet"])
def test_every_request_fits_awss_own_description_enums_and_patterns_too(session, operation):
    made = [r for name, r in requests(session, "r1", OWNER).items() if name.startswith(operation)]
    assert made
    for request in made:
        assert validate("quicksight", operation, request) == []


def test_a_request_of_another_shape_would_be_noticed(session):
    request = requests(session, "r1", OWNER)["CreateDashboard"]
    request["Definition"]["Sheets"][0]["Layouts"][0]["Configuration"]["GridLayout"]["Elements"][0][
        "ElementType"
    ] = "PICTURE"
    assert validate("quicksight", "CreateDashboard", request)


def test_no_data_set_has_a_column_that_names_a_report(session):
    text = json.dumps(requests(session, "r1", OWNER))
    assert "study_id" not in text
    assert "subject_id" not in text


IDS = ("DataSourceId", "DataSetId", "DashboardId")
OURS = [{"Key": "radimpress:project", "Value": "chest"}]
EVERYTHING = {"chest-athena", "chest-metrics", "chest-scores", "chest-results"}
DASHBOARD = "arn:aws:quicksight:us-east-1:123456789012:dashboard/chest-results"


class QuickSight:
    """Answers as QuickSight would; `there`: ids that exist; `sent`: what it was asked."""

    def __init__(self):
        self.there, self.tags, self.sent = set(), OURS, []
        self.source = {"Status": "CREATION_SUCCESSFUL"}
        self.version = {"Status": "CREATION_SUCCESSFUL"}

    @property
    def names(self):
        return [name for name, _ in self.sent]

    def __getattr__(self, name):
        def call(**request):
            self.sent.append((name, request))
            operation = "".join(part.capitalize() for part in name.split("_"))
            assert validate("quicksight", operation, request) == []
            if name.startswith("create_") and name != "create_ingestion":
                self._create(name, next(value for key, value in request.items() if key in IDS))
            answers = {
                "create_dashboard": {"VersionArn": f"{DASHBOARD}/version/1"},
                "update_dashboard": {"VersionArn": f"{DASHBOARD}/version/2"},
                "describe_dashboard": {"Dashboard": {"Version": self.version}},
                "describe_data_source": {"DataSource": self.source},
                "list_tags_for_resource": {"Tags": self.tags},
            }
            return answers.get(name, {})

        return call

    def _create(self, operation, thing):
        if thing in self.there:
            from botocore.exceptions import ClientError

            raise ClientError({"Error": {"Code": "ResourceExistsException"}}, operation)
        self.there.add(thing)


@pytest.fixture
def answering(session, monkeypatch):
    client = QuickSight()
    monkeypatch.setattr(Session, "client", lambda *_, **__: client)
    return client


def test_the_first_time_everything_is_made_in_order_each_once_the_one_before_is_built(
    session, answering
):
    url = publish(session, "r1", OWNER)
    assert answering.names == [
        "create_data_source",
        "describe_data_source",
        "create_data_set",
        "create_data_set",
        "create_dashboard",
        "describe_dashboard",
    ]
    assert url.endswith("/sn/dashboards/chest-results")


def test_the_next_time_everything_is_updated_refreshed_and_shown(session, answering):
    answering.there = set(EVERYTHING)
    publish(session, "r2", OWNER)
    assert answering.names.count("create_ingestion") == len(TABLES)
    assert answering.names[-3:] == [
        "update_dashboard",
        "describe_dashboard",
        "update_dashboard_published_version",
    ]
    assert answering.sent[-1][1]["VersionNumber"] == 2


@pytest.mark.parametrize("thing", sorted(EVERYTHING))
def test_what_does_not_carry_our_tag_is_not_updated(session, answering, thing):
    answering.there, answering.tags = {thing}, [{"Key": "radimpress:project", "Value": "other"}]
    with pytest.raises(RadimpressError, match=f"{thing} does not carry the tag .*somebody else's"):
        publish(session, "r2", OWNER)
    assert not [name for name in answering.names if name.startswith("update_")]


@pytest.mark.parametrize("there", [set(), EVERYTHING])
def test_a_version_that_quicksight_cannot_build_is_said_and_not_shown(session, answering, there):
    answering.there = set(there)
    why = {"Type": "COLUMN_NOT_FOUND", "Message": "no column rougeL"}
    answering.version = {"Status": "CREATION_FAILED", "Errors": [why]}
    with pytest.raises(RadimpressError, match="CREATION_FAILED; COLUMN_NOT_FOUND: no column rou"):
        publish(session, "r2", OWNER)
    assert "update_dashboard_published_version" not in answering.names


def test_data_sets_wait_for_a_data_source_that_works(session, answering):
    why = {"Type": "ACCESS_DENIED", "Message": "no access to Athena"}
    answering.source = {"Status": "CREATION_FAILED", "ErrorInfo": why}
    with pytest.raises(RadimpressError, match="ACCESS_DENIED: no access to Athena"):
        publish(session, "r1", OWNER)
    assert "create_data_set" not in answering.names


def test_arns_are_of_the_world_of_the_region():
    names = Names("123456789012", "us-gov-west-1", "chest")
    assert names.arn("dataset", "x") == (
        "arn:aws-us-gov:quicksight:us-gov-west-1:123456789012:dataset/x"
    )
