"""What Prometheus is told. Labels are routes, statuses, reasons and versions: never text."""

from collections.abc import Callable

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)

from radimpress.serving.served_model import ServedModel

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"
SECONDS = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30)
REPORTS = (1, 2, 4, 8, 16, 32, 64, 128)


class Meters:
    """One registry a server, so that two in one process (as in tests) do not add up."""

    def __init__(self) -> None:
        disable_created_metrics()
        self._registry = all_of_them = CollectorRegistry()
        ProcessCollector(registry=all_of_them)
        self._requests = Counter(
            "radimpress_requests", "Answers given.", ["route", "status"], registry=all_of_them
        )
        self._seconds = Histogram(
            "radimpress_request_seconds",
            "From the head of a request to the end of its answer.",
            ["route"],
            buckets=SECONDS,
            registry=all_of_them,
        )
        self.batch = Histogram(
            "radimpress_batch_reports",
            "Reports generated at once.",
            buckets=REPORTS,
            registry=all_of_them,
        )
        self._queue = Gauge("radimpress_queue_reports", "Reports that wait.", registry=all_of_them)
        self.dropped = Counter(
            "radimpress_dropped_reports",
            "Reports not generated because nobody waited for them any more.",
            registry=all_of_them,
        )
        self._rejected = Counter(
            "radimpress_rejected_requests", "Refusals.", ["reason"], registry=all_of_them
        )
        self.failures = Counter(
            "radimpress_generation_failures", "Batches that raised.", registry=all_of_them
        )
        self._reloads = Counter(
            "radimpress_reloads", "Hot reloads.", ["result"], registry=all_of_them
        )
        self._ready = Gauge("radimpress_ready", "Whether /ping answers 200.", registry=all_of_them)
        self._model = Gauge(
            "radimpress_model",
            "1 for the model that answers.",
            ["name", "version", "fingerprint", "model_sha256", "engine"],
            registry=all_of_them,
        )

    def watch(self, queue: Callable[[], float], ready: Callable[[], float]) -> None:
        """Where the two gauges are read from when Prometheus asks."""
        self._queue.set_function(queue)
        self._ready.set_function(ready)

    def answered(self, route: str, status: int, seconds: float) -> None:
        """Count one answer."""
        self._requests.labels(route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def rejected(self, reason: str) -> None:
        """Count one refusal under its code."""
        self._rejected.labels(reason).inc()

    def reloaded(self, result: str) -> None:
        """Count one hot reload: "switched" or "refused"."""
        self._reloads.labels(result).inc()

    def serving(self, model: ServedModel) -> None:
        """Say which model answers now."""
        who = model.identity
        self._model.clear()
        self._model.labels(
            who.name, who.version, who.fingerprint, who.model_sha256, model.engine
        ).set(1)

    def text(self) -> bytes:
        """The exposition format."""
        return generate_latest(self._registry)
