"""Processing jobs, really run: inputs at their paths, a command, outputs to S3."""

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from loopback import buckets, images
from loopback.checkpoints import Checkpoints
from loopback.containers import Container, Machine
from loopback.jobs import Failed, Job, Jobs
from loopback.layout import fetch, hosts, local, write_config
from loopback.logs import LogStream

if TYPE_CHECKING:
    from loopback.server import Loopback

TICK_S = 0.1
GROUP = "/aws/sagemaker/ProcessingJobs"


class ProcessingJob(Job):
    """One CreateProcessingJob."""

    noun, starts, ends = "ProcessingJob", "ProcessingStartTime", "ProcessingEndTime"
    containers: tuple[Container, ...] = ()
    live: tuple[Checkpoints, ...] = ()  # outputs that are uploaded while it runs

    @property
    def resources(self) -> dict[str, Any]:
        """The machines that were asked for."""
        cluster: dict[str, Any] = self.request["ProcessingResources"]["ClusterConfig"]
        return cluster

    def work(self) -> str:
        """Run the command on every host; its last status."""
        names = hosts(self.resources["InstanceCount"])
        folders = [self.folder / name for name in names]
        for number, folder in enumerate(folders):
            self._lay_out(folder / "ml", names, number)
        self.live = tuple(
            Checkpoints(output["S3Uri"], local(folder / "ml", output["LocalPath"]))
            for output in self._outputs()
            if output["S3UploadMode"] == "Continuous"
            for folder in folders
        )
        pairs = zip(names, folders, strict=True)
        self.containers = tuple(self._start(name, names, folder) for name, folder in pairs)
        if not self._wait():
            return "Stopped"
        self._sync()
        self._tell_message(folders)
        if bad := next((code for each in self.containers if (code := each.poll())), None):
            raise Failed(f"AlgorithmError: See job logs for more information, exit code: {bad}")
        for output in self._outputs():
            for folder in folders:
                buckets.upload(local(folder / "ml", output["LocalPath"]), output["S3Uri"])
        return "Completed"

    def _lay_out(self, ml: Path, names: list[str], number: int) -> None:
        config = ml / "config"
        config.mkdir(parents=True)
        kind = self.resources["InstanceType"]
        write_config(
            config / "resourceconfig.json",
            {"current_host": names[number], "hosts": names, "current_instance_type": kind},
        )
        told = {name: value for name, value in self.request.items() if name != "Tags"}
        write_config(config / "processingjobconfig.json", {"ProcessingJobArn": self.arn} | told)
        (ml / "output").mkdir()
        for given in self.request.get("ProcessingInputs", []):
            source = given["S3Input"]
            fetch(source, local(ml, source["LocalPath"]), (number, len(names)))
        for output in self._outputs():
            local(ml, output["LocalPath"]).mkdir(parents=True, exist_ok=True)

    def _outputs(self) -> list[dict[str, Any]]:
        config = self.request.get("ProcessingOutputConfig", {})
        return [output["S3Output"] for output in config.get("Outputs", [])]

    def _start(self, name: str, names: list[str], folder: Path) -> Container:
        application = self.request["AppSpecification"]
        image: str = application["ImageUri"]
        entry = tuple(application.get("ContainerEntrypoint") or images.entrypoint(image) or ())
        if not entry:
            raise Failed(f"ClientError: the loopback does not know what {image} runs")
        identity = {"PROCESSING_JOB_NAME": self.name, "PROCESSING_JOB_ARN": self.arn}
        python = images.environment(image, self.loop.folder / "image", folder)
        given: dict[str, str] = self.request.get("Environment", {})
        isolated = bool(self.request.get("NetworkConfig", {}).get("EnableNetworkIsolation"))
        aws = {} if isolated else self.loop.environment
        machine = Machine(
            folder,
            name,
            (*entry, *application.get("ContainerArguments", [])),
            python | aws | identity | given,
            tuple(other for other in names if other != name),
            isolated=isolated,
        )
        stream = f"{self.name}/{name}-{int(time.time() * 1000)}"
        return Container(machine, LogStream(self.region, GROUP, stream).write)

    def _wait(self) -> bool:
        """Wait for all hosts; False where it was stopped. Raises Failed when its time is over."""
        limit = self.request.get("StoppingCondition", {}).get("MaxRuntimeInSeconds", 86400)
        until = time.monotonic() + limit
        while any(container.poll() is None for container in self.containers):
            over = time.monotonic() > until
            if self.stopping.is_set() or over:
                for container in self.containers:
                    container.end(0 if self.dead.is_set() else self.loop.job_pace.grace_s)
                self._sync()
                if over:
                    told = f"exceeded the maximum runtime of {limit} seconds"
                    raise Failed(f"ClientError: the processing job {told}")
                return False
            if any(container.poll() for container in self.containers):
                self.clean()
            self._sync()
            time.sleep(TICK_S)
        return True

    def _sync(self) -> None:
        if not self.dead.is_set():
            for output in self.live:
                output.sync()

    def _tell_message(self, folders: list[Path]) -> None:
        """What a container wrote to /opt/ml/output/message is the ExitMessage."""
        for folder in folders:
            message = folder / "ml" / "output" / "message"
            if message.is_file():
                self.tell(ExitMessage=message.read_text(errors="replace")[:1024])

    def clean(self) -> None:
        """End what still runs."""
        for container in self.containers:
            if container.poll() is None:
                container.kill()


def install(loop: "Loopback") -> None:
    """Take the operations on processing jobs over."""
    Jobs(loop, ProcessingJob)
