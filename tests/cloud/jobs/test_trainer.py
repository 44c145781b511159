import os

from radimpress.cloud.jobs.trainer import ROLE_CHECK, model_trainer, request_of, sdk_session
from radimpress.cloud.session import open_session
from radimpress.config.cloud import Cloud


def test_every_client_of_the_sdk_talks_to_the_same_address(loopback):
    session = open_session(Cloud())
    sdk = sdk_session(session)
    assert sdk.account_id() == "123456789012"  # asks STS, which it would do at AWS's own address
    for service in ("s3", "logs", "iam"):
        assert sdk.boto_session.client(service).meta.endpoint_url == loopback.url
    assert sdk.boto_session.resource("s3").meta.client.meta.endpoint_url == loopback.url
    assert sdk.default_bucket() == session.bucket


def test_the_sdks_own_s3_requests_name_the_owner_of_our_bucket(loopback, tmp_path):
    session = open_session(Cloud())
    sdk, sent = sdk_session(session), []
    for client in (sdk.s3_client, sdk.s3_resource.meta.client):
        client.meta.events.register_last(
            "provide-client-params.s3", lambda params, **_: sent.append(dict(params))
        )
    (tmp_path / "a.txt").write_text("a")
    sdk.upload_data(str(tmp_path), session.bucket, "code")  # what ModelTrainer does with folders
    sdk.s3_client.head_object(Bucket=session.bucket, Key="code/a.txt")
    sdk.s3_resource.Object(session.bucket, "code/a.txt").load()
    owners = [one.get("ExpectedBucketOwner") for one in sent if "Bucket" in one]
    assert len(owners) >= 3
    assert set(owners) == {session.account}


def test_telemetry_is_off(loopback):
    from sagemaker.core.common_utils import resolve_value_from_config
    from sagemaker.core.config.config_schema import TELEMETRY_OPT_OUT_PATH

    sdk = sdk_session(open_session(Cloud()))
    told = resolve_value_from_config(config_path=TELEMETRY_OPT_OUT_PATH, sagemaker_session=sdk)
    assert told is True


def test_the_role_is_not_simulated_and_the_environment_stays(loopback, monkeypatch):
    monkeypatch.setenv(ROLE_CHECK, "true")
    session = open_session(Cloud())
    trainer = model_trainer(session, training_image="image", base_job_name="job")
    assert trainer.role == session.role_arn
    assert loopback.calls["iam:SimulatePrincipalPolicy"] == 0
    assert os.environ[ROLE_CHECK] == "true"
    monkeypatch.delenv(ROLE_CHECK)
    model_trainer(session, training_image="image", base_job_name="job")
    assert ROLE_CHECK not in os.environ


def test_local_folders_go_up_once(loopback, tmp_path):
    from sagemaker.core.training.configs import InputData, SourceCode

    (tmp_path / "a.txt").write_text("a")
    session = open_session(Cloud())

    def request():
        return request_of(
            model_trainer(
                session,
                training_image="image",
                base_job_name="job",
                source_code=SourceCode(source_dir="s3://bucket/code/", command="true"),
                input_data_config=[InputData(channel_name="a", data_source=str(tmp_path))],
            )
        )

    first = request()
    before = loopback.calls["s3:PutObject"]
    second = request()
    assert loopback.calls["s3:PutObject"] == before > 0
    uris = [c["DataSource"]["S3DataSource"]["S3Uri"] for c in first["InputDataConfig"]]
    assert uris == [c["DataSource"]["S3DataSource"]["S3Uri"] for c in second["InputDataConfig"]]
    assert all("/content/" in uri or uri == "s3://bucket/code/" for uri in uris)
