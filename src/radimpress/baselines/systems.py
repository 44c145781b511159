"""The registry of systems that need no model; a new one is a file and a line here."""

from collections.abc import Callable, Sequence

from radimpress.baselines.constant import Constant
from radimpress.baselines.lead import Lead
from radimpress.baselines.retrieval import Retrieval
from radimpress.baselines.system import System
from radimpress.config.schema import Config
from radimpress.corpus.report import Report
from radimpress.runtime.errors import next_step

BUILDERS: dict[str, Callable[[Sequence[Report], Config], System]] = {
    "constant": lambda train, _: Constant(train),
    "lead": lambda _, config: Lead(config.generation.lead_sentences),
    "retrieval": lambda train, _: Retrieval(train),
}


def build(name: str, train: Sequence[Report], config: Config) -> System:
    """The baseline `name`, made ready from the training reports.

    Raises RadimpressError for an unknown name or where there is nothing to learn from.
    """
    if name not in BUILDERS:
        raise next_step(
            f"no baseline is named {name!r}, known are {', '.join(BUILDERS)}",
            "correct generation.systems, or register a builder in baselines/systems.py",
        )
    if not train:
        raise next_step(f"the baseline {name!r} has no training reports", "run `dvc repro`")
    return BUILDERS[name](train, config)
