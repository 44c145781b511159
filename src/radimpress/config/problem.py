"""A broken rule of the configuration."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """One broken rule: `field` is dotted, `refused` says whether it stops the run."""

    field: str
    message: str
    refused: bool = True

    def __str__(self) -> str:
        return f"{self.field}: {self.message}"
