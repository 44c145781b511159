import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from radimpress.cloud.dashboard.publishing import publish_results
from radimpress.cloud.dashboard.tables import SCORED
from radimpress.cloud.inventory import Kind, take_stock
from radimpress.cloud.inventory.teardown import tear_down, to_remove

OWNER = "arn:aws:quicksight:us-east-1:123456789012:user/default/reader"


@pytest.fixture
def published(session, account, tmp_path):
    interval = {"value": 0.5, "low": 0.4, "high": 0.6, "n": 1}
    (tmp_path / "scores/finetuned").mkdir(parents=True)
    every = {"finetuned": {"test": {"all": {"rougeL": interval}}}}
    (tmp_path / "metrics.json").write_text(json.dumps({"systems": every}))
    scores = {name: [0.5] for name in SCORED} | {"study_id": ["s1"]}
    pq.write_table(pa.table(scores), tmp_path / "scores/finetuned/test.parquet")
    publish_results(session, tmp_path, "r1", OWNER)


def test_a_published_dashboard_is_found_and_taken_down(session, published):
    found = take_stock(session)
    assert found.unseen == ()
    assert [(e.kind, e.name) for e in found.standing] == [
        (Kind.dashboard, "radimpress-results"),
        (Kind.data_set, "radimpress-metrics"),
        (Kind.data_set, "radimpress-scores"),
        (Kind.data_source, "radimpress-athena"),
        (Kind.catalogue, "radimpress"),
    ]
    assert {e.problem for e in tear_down(session, to_remove(found, data=False))} == {""}
    assert take_stock(session).standing == ()


def test_an_account_without_quicksight_has_no_dashboards(session, account, loopback):
    def refuse(call):
        from loopback.call import Refusal

        told = "Account 123456789012 is not signed up with QuickSight"
        raise Refusal("AccessDeniedException", told, 401)

    loopback.operations["quicksight:"] = refuse
    assert take_stock(session).unseen == ()
