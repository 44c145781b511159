"""How long the waits of endpoints and alarms take here."""

from dataclasses import dataclass

SHORTEST_PERIOD_S = 0.2


@dataclass
class HostingPace:
    """AWS's seconds times a factor. A test may change it at any time."""

    waits: float = 0.01  # baking, termination wait, periods of alarms: 300 s become 3 s
    startup: float = 0.1  # how long a container may take until its first healthy ping
    invocation_s: float = 60.0  # a container's time for one request; asynchronous: as configured

    def wait_s(self, seconds: float) -> float:
        """The time that a wait of `seconds` takes."""
        return seconds * self.waits

    def period_s(self, seconds: float) -> float:
        """The length of an alarm's period of `seconds`."""
        return max(self.wait_s(seconds), SHORTEST_PERIOD_S)

    def startup_s(self, seconds: float) -> float:
        """The time that a startup timeout of `seconds` gives."""
        return seconds * self.startup
