"""Metrics that a job prints, found by the regular expressions of its MetricDefinitions."""

import re
from typing import Any

from loopback.jobs import now


class MetricReader:
    """Keeps the last value of every metric."""

    def __init__(self, definitions: list[dict[str, str]]) -> None:
        self._patterns = {d["Name"]: re.compile(d["Regex"]) for d in definitions}
        self.last: dict[str, dict[str, Any]] = {}

    def read(self, line: str) -> None:
        """Look for every metric in a line."""
        for name, pattern in self._patterns.items():
            if found := pattern.search(line):
                value = float(found.group(1))
                self.last[name] = {"MetricName": name, "Value": value, "Timestamp": now()}

    @property
    def final(self) -> list[dict[str, Any]]:
        """FinalMetricDataList."""
        return list(self.last.values())
