from radimpress.cloud.inventory import Kind, take_stock
from radimpress.cloud.inventory.sagemaker import SECTIONS, WARM

BY_KIND = {section.kind: section for section in SECTIONS}


def test_operations_are_named_after_sagemaker_s_own_nouns(session):
    client = session.client("sagemaker")
    for section in SECTIONS:
        noun = "".join(f"_{c.lower()}" if c.isupper() else c for c in section.noun).lstrip("_")
        for operation in (f"list_{noun}s", f"{section.removal}_{noun}"):
            assert hasattr(client, operation), operation


def test_a_machine_that_is_kept_warm_costs_and_is_let_go(session, account, loopback):
    account.training_job("radimpress-train-1", "radimpress", "Completed")
    told = loopback.client("sagemaker").list_training_jobs()["TrainingJobSummaries"][0]
    asked = {}

    def listed(_):
        warm = {"WarmPoolStatus": {"Status": "Available"}}
        return {"TrainingJobSummaries": [told | warm]}

    def update(call):
        asked.update(call.request)
        return {"TrainingJobArn": told["TrainingJobArn"]}

    loopback.operations["sagemaker:ListTrainingJobs"] = listed
    loopback.operations["sagemaker:UpdateTrainingJob"] = update
    (job,) = take_stock(session).standing
    assert (job.state, job.is_over, job.usd_per_hour) == (WARM, False, 2 * 1.41)
    BY_KIND[Kind.training_job].remove(session, job)
    assert asked["ResourceConfig"] == {"KeepAlivePeriodInSeconds": 0}


def test_an_endpoint_that_vanishes_between_two_looks_is_no_fault(session, account, loopback):
    account.endpoint("mine", "radimpress")
    words = 'Could not find endpoint "mine".'
    loopback.faults.refuse("DescribeEndpoint", "ValidationException", words, times=9)
    found = take_stock(session)
    assert found.unseen == ()
    assert Kind.endpoint not in {each.kind for each in found.resources}


def test_the_jobs_of_a_running_pipeline_are_found_though_sagemaker_names_them(session, account):
    account.training_job("pipelines-0a1b-train-xyz", "radimpress", "InProgress")
    account.training_job("pipelines-9z8y-train-xyz", "somebody", "InProgress")
    (job,) = take_stock(session).standing
    assert (job.kind, job.name) == (Kind.training_job, "pipelines-0a1b-train-xyz")


def test_a_pipeline_that_runs_is_stopped_before_it_is_deleted(session, filled, loopback):
    (pipeline,) = [each for each in take_stock(session).standing if each.kind is Kind.pipeline]
    asked = []

    def executions(_):
        arn = pipeline.arn + "/execution/"
        states = ("Executing", "Succeeded")
        return {
            "PipelineExecutionSummaries": [
                {"PipelineExecutionArn": arn + s, "PipelineExecutionStatus": s} for s in states
            ]
        }

    def note(call):
        asked.append(call.request.get("PipelineExecutionArn") or call.request["PipelineName"])
        return {}

    loopback.operations["sagemaker:ListPipelineExecutions"] = executions
    loopback.operations["sagemaker:StopPipelineExecution"] = note
    loopback.operations["sagemaker:DeletePipeline"] = note
    BY_KIND[Kind.pipeline].remove(session, pipeline)
    assert asked == [f"{pipeline.arn}/execution/Executing", "radimpress-pipeline"]
