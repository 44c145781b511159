import json

import pytest

from loopback.validation import validate
from radimpress.cloud.dashboard import quicksight
from radimpress.cloud.dashboard.quicksight import publish, requests
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


class QuickSight:
    """Answers as QuickSight would; `there`: what exists; `sent`: what it was asked."""

    def __init__(self, there=(), status="UPDATE_SUCCESSFUL"):
        self.there, self.status, self.sent = set(there), status, []

    def __getattr__(self, name):
        def call(**request):
            self.sent.append((name, request))
            operation = "".join(part.capitalize() for part in name.split("_"))
            assert validate("quicksight", operation, request) == []
            if name == "list_dashboard_versions":
                second = "NextToken" in request  # a page each
                status, number = (self.status, 2) if second else ("CREATION_SUCCESSFUL", 1)
                one = {"Status": status, "VersionNumber": number}
                more = {} if second else {"NextToken": "second"}
                return {"DashboardVersionSummaryList": [one], **more}
            if name.startswith("create_") and name != "create_ingestion":
                if name in self.there:
                    from botocore.exceptions import ClientError

                    raise ClientError({"Error": {"Code": "ResourceExistsException"}}, name)
                self.there.add(name)
            return {}

        return call


@pytest.fixture
def answering(session, monkeypatch):
    client = QuickSight()
    monkeypatch.setattr(Session, "client", lambda *_, **__: client)
    return client


def test_the_first_time_everything_is_made_in_order(session, answering):
    class Forgets(set):
        def add(self, _):
            """Two data sets are made by one operation."""

    answering.there = Forgets()
    url = publish(session, "r1", OWNER)
    assert [name for name, _ in answering.sent] == [
        "create_data_source",
        "create_data_set",
        "create_data_set",
        "create_dashboard",
    ]
    assert url.endswith("/sn/dashboards/chest-results")


def test_the_next_time_everything_is_updated_refreshed_and_shown(session, answering):
    answering.there = {"create_data_source", "create_data_set", "create_dashboard"}
    publish(session, "r2", OWNER)
    names = [name for name, _ in answering.sent]
    assert names.count("create_ingestion") == len(TABLES)
    assert names[-4:] == [
        "update_dashboard",
        "list_dashboard_versions",
        "list_dashboard_versions",
        "update_dashboard_published_version",
    ]
    assert answering.sent[-1][1]["VersionNumber"] == 2


def test_a_version_that_quicksight_cannot_build_is_not_shown(session, answering):
    answering.there = {"create_data_source", "create_data_set", "create_dashboard"}
    answering.status = "UPDATE_FAILED"
    with pytest.raises(RadimpressError, match="did not build version 2"):
        publish(session, "r2", OWNER)
    assert "update_dashboard_published_version" not in [name for name, _ in answering.sent]


def test_quicksight_gets_time_to_build(session, answering, monkeypatch):
    answering.there = {"create_data_source", "create_data_set", "create_dashboard"}
    answering.status = "UPDATE_IN_PROGRESS"

    def later(_):
        answering.status = "UPDATE_SUCCESSFUL"

    monkeypatch.setattr(quicksight.time, "sleep", later)
    publish(session, "r2", OWNER)
    assert answering.sent[-1][0] == "update_dashboard_published_version"


def test_arns_are_of_the_world_of_the_region():
    names = quicksight.Names("123456789012", "us-gov-west-1", "chest")
    assert names.arn("dataset", "x") == (
        "arn:aws-us-gov:quicksight:us-gov-west-1:123456789012:dataset/x"
    )
