"""What a batch is to do, and in which pieces: decides the key under which its files lie."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from radimpress.config.fingerprint import fingerprint
from radimpress.config.schema import Config, Device, Precision
from radimpress.config.serving import Engine
from radimpress.corpus.report import Report
from radimpress.modeling.recipe import Decoding

FORMAT = 1  # of the shards; another number is another key
SHARD = 2000  # reports: minutes of work, megabytes of file


@dataclass(frozen=True, slots=True)
class Settings:
    """How the shards are written; travels to the machines as JSON."""

    decoding: Decoding
    engine: Engine
    device: Device
    precision: Precision
    batch_size: int

    @staticmethod
    def of(config: Config) -> "Settings":
        """From conf/generation and conf/compute."""
        compute, generation = config.compute, config.generation
        decoding = Decoding.of(generation)
        places = (compute.device, compute.precision)
        return Settings(decoding, generation.engine, *places, generation.batch_size)

    def plain(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "decoding": asdict(self.decoding),
            "engine": self.engine.value,
            "device": self.device.value,
            "precision": self.precision.value,
            "batch_size": self.batch_size,
        }

    @staticmethod
    def from_plain(plain: dict[str, Any]) -> "Settings":
        """What `plain` gave."""
        return Settings(
            Decoding(**plain["decoding"]),
            Engine(plain["engine"]),
            Device(plain["device"]),
            Precision(plain["precision"]),
            plain["batch_size"],
        )


@dataclass(frozen=True, slots=True)
class Shard:
    """One piece: its file's name, in input and output, and what its output must hold."""

    name: str
    reports: int
    ids: str  # fingerprint of the study ids in order

    @staticmethod
    def of(number: int, reports: Sequence[Report], sha256: str) -> "Shard":
        """The piece `number`, from 0, whose file has that sha256."""
        ids = fingerprint([report.study_id for report in reports])
        return Shard(f"{number:06}-{sha256[:12]}.parquet", len(reports), ids)


def batch_key(input_sha256: str, model_sha256: str, settings: Settings, size: int) -> str:
    """The key of a batch: another input, model, decoding or engine never meets its files."""
    return fingerprint(FORMAT, input_sha256, model_sha256, settings.plain(), size)[:32]
