"""What SageMaker itself holds: endpoints and their parts, jobs, pipelines."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from radimpress.cloud.inventory.resource import Kind, Look, Prices, Resource, in_parallel, is_gone
from radimpress.cloud.session import Session
from radimpress.cloud.tags import is_ours
from radimpress.runtime.digests import names_sha256

RUNS = ("InProgress", "Stopping")
COOL = {"KeepAlivePeriodInSeconds": 0}  # ends a warm pool
Told = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Listed:
    """One kind that SageMaker lists, described by its operations.

    `noun` is SageMaker's own ("TrainingJob"); `removal` is the verb that takes one down.
    """

    kind: Kind
    noun: str
    items: str  # key of the list in ListX's answer
    removal: str  # "delete" or "stop"
    cost: Callable[[Session, Told, Prices], float | None] | None = None
    named: tuple[str, ...] = ("",)  # looked for by these parts of names, else all of the account

    def find(self, session: Session, look: Look) -> Iterator[Resource]:
        """Those with our tag; ended jobs too, marked as over."""
        pages = session.client("sagemaker").get_paginator(f"list_{self._plural}")
        parts = [part.format(project=session.cloud.project) for part in self.named]
        seen = {
            one[f"{self.noun}Name"]: one
            for part in parts
            for page in pages.paginate(**({"NameContains": part} if part else {}))
            for one in page[self.items]
        }

        def resource(one: Told) -> Resource | None:
            return self._resource(session, one, look.prices)

        yield from filter(None, in_parallel(resource, seen.values()))

    def remove(self, session: Session, resource: Resource) -> None:
        """Delete it, or stop the job; a warm machine is let go."""
        client, name = session.client("sagemaker"), {f"{self.noun}Name": resource.name}
        if resource.state == WARM:
            client.update_training_job(**name, ResourceConfig=COOL)
            return
        getattr(client, f"{self.removal}_{self._snake}")(**name)

    def _resource(self, session: Session, one: Told, prices: Prices) -> Resource | None:
        client, arn, name = session.client("sagemaker"), self._arn(one), one[f"{self.noun}Name"]
        try:
            if not is_ours(client.list_tags(ResourceArn=arn)["Tags"], session.cloud):
                return None
            state: str = self._state(one)
            usd: float | None = 0.0
            is_over = self.removal == "stop" and state not in (*RUNS, WARM)
            if self.cost and not is_over:
                told = getattr(client, f"describe_{self._snake}")(**{f"{self.noun}Name": name})
                usd = self.cost(session, told, prices)
        except client.exceptions.ClientError as error:
            if is_gone(error):  # between the list and the look
                return None
            raise
        return Resource(self.kind, name, arn, state, usd, one["CreationTime"], is_over=is_over)

    def _state(self, one: Told) -> str:
        if one.get("WarmPoolStatus", {}).get("Status") == "Available":
            return WARM
        return str(one.get(f"{self.noun}Status", ""))

    def _arn(self, one: Told) -> str:
        return str(one[f"{self.noun}Arn"])

    @property
    def _snake(self) -> str:
        return "".join(f"_{c.lower()}" if c.isupper() else c for c in self.noun).lstrip("_")

    @property
    def _plural(self) -> str:
        return f"{self._snake}s"


class Pipelines(Listed):
    """Pipelines: one that runs starts job after job, so it is stopped before it is deleted."""

    __slots__ = ()

    def remove(self, session: Session, resource: Resource) -> None:
        """Stop every execution, with the job that it runs; delete the pipeline."""
        client, name = session.client("sagemaker"), resource.name
        pages = client.get_paginator("list_pipeline_executions").paginate(PipelineName=name)
        for one in [each for page in pages for each in page["PipelineExecutionSummaries"]]:
            if one.get("PipelineExecutionStatus") == "Executing":
                arn = one["PipelineExecutionArn"]
                client.stop_pipeline_execution(
                    PipelineExecutionArn=arn, ClientRequestToken=names_sha256({"stop": arn})
                )
        client.delete_pipeline(PipelineName=name, ClientRequestToken=names_sha256({"": name}))


WARM = "Completed, kept warm"


def _endpoint(session: Session, told: Told, prices: Prices) -> float | None:
    """Instances that run now, at the price of their type; serverless costs nothing at rest."""
    client, name = session.client("sagemaker"), told["EndpointConfigName"]
    config = client.describe_endpoint_config(EndpointConfigName=name)
    types = {v["VariantName"]: v.get("InstanceType", "") for v in config["ProductionVariants"]}
    running = [
        prices.of(types.get(variant["VariantName"], ""), _instances(variant))
        for variant in told.get("ProductionVariants", [])
    ]
    return _sum(running)


def _instances(variant: Told) -> int:
    return int(variant.get("CurrentInstanceCount") or variant.get("DesiredInstanceCount") or 0)


def _training(_: Session, told: Told, prices: Prices) -> float | None:
    machines = told["ResourceConfig"]
    groups = machines.get("InstanceGroups") or [machines]
    return _sum([prices.of(g.get("InstanceType", ""), g.get("InstanceCount", 0)) for g in groups])


def _processing(_: Session, told: Told, prices: Prices) -> float | None:
    cluster = told["ProcessingResources"]["ClusterConfig"]
    return prices.of(cluster["InstanceType"], cluster["InstanceCount"])


def _transform(_: Session, told: Told, prices: Prices) -> float | None:
    machines = told["TransformResources"]
    return prices.of(machines["InstanceType"], machines["InstanceCount"])


def _sum(parts: list[float | None]) -> float | None:
    known = [part for part in parts if part is not None]
    return sum(known) if len(known) == len(parts) else None


# Jobs carry the project's name, those of a pipeline SageMaker's own; accounts hold thousands.
NAMED = ("{project}",)
STEPS = (*NAMED, "pipelines-")
SECTIONS = (
    Listed(Kind.endpoint, "Endpoint", "Endpoints", "delete", _endpoint),
    Listed(Kind.training_job, "TrainingJob", "TrainingJobSummaries", "stop", _training, STEPS),
    Listed(
        Kind.processing_job, "ProcessingJob", "ProcessingJobSummaries", "stop", _processing, STEPS
    ),
    Listed(Kind.transform_job, "TransformJob", "TransformJobSummaries", "stop", _transform, NAMED),
    Listed(
        Kind.tuning_job,
        "HyperParameterTuningJob",
        "HyperParameterTuningJobSummaries",
        "stop",
        named=NAMED,
    ),
    Listed(Kind.endpoint_config, "EndpointConfig", "EndpointConfigs", "delete"),
    Listed(Kind.model, "Model", "Models", "delete"),
    Pipelines(Kind.pipeline, "Pipeline", "PipelineSummaries", "delete"),
)
