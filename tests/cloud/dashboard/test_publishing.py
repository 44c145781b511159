import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from radimpress.cloud.dashboard.publishing import publish_results
from radimpress.cloud.dashboard.tables import SCORED
from radimpress.cloud.session import open_session
from radimpress.config.cloud import Cloud

OWNER = "arn:aws:quicksight:us-east-1:123456789012:user/default/reader"


@pytest.mark.usefixtures("loopback")
def test_results_go_to_the_bucket_by_run_and_a_dashboard_stands_over_them(tmp_path):
    interval = {"value": 0.5, "low": 0.4, "high": 0.6, "n": 1}
    every = {"finetuned": {"test": {"all": {"rougeL": interval}}}}
    (tmp_path / "scores/finetuned").mkdir(parents=True)
    (tmp_path / "metrics.json").write_text(json.dumps({"systems": every}))
    scores = {name: [0.5] for name in SCORED} | {"study_id": ["s1"]}
    pq.write_table(pa.table(scores), tmp_path / "scores/finetuned/test.parquet")
    session = open_session(Cloud())

    done = publish_results(session, tmp_path, "r1", OWNER)

    assert done.rows == {"metrics": 1, "scores": 1}
    listed = session.client("s3").list_objects_v2(Bucket=session.bucket, Prefix="dashboard/")
    assert [each["Key"] for each in listed["Contents"]] == [
        "dashboard/metrics/run=r1/part.parquet",
        "dashboard/scores/run=r1/part.parquet",
    ]
    dashboards = session.client("quicksight").list_dashboards(AwsAccountId=session.account)
    assert [d["DashboardId"] for d in dashboards["DashboardSummaryList"]] == ["radimpress-results"]
