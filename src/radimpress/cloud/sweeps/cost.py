"""What a whole sweep would cost, and the refusal of one that is too dear, before it starts."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import ceil

from radimpress.cloud.planning import Plan, plan
from radimpress.cloud.planning.data_size import data_size
from radimpress.cloud.sweeps.space import Space, Strategy
from radimpress.cloud.sweeps.trial_config import trial_config
from radimpress.config.schema import Config
from radimpress.runtime.errors import RadimpressError

MOST = 500  # trainings of one tuning job; AWS allows no more


@dataclass(frozen=True, slots=True)
class SweepCost:
    """All trials together. `hours` is from the first to the last, so many side by side."""

    trials: int
    parallel: int
    usd: float
    hours: float
    problems: tuple[str, ...]

    def __str__(self) -> str:
        """One line for a person."""
        return (
            f"{self.trials} trainings, {self.parallel} at a time: at most ${self.usd:,.2f} and "
            f"{self.hours:.1f} hours are expected"
        )


def sweep_cost(
    config: Config, space: Space, strategy: Strategy, trials: int, parallel: int
) -> SweepCost:
    """Plan every trial of a grid; of drawn ones the dearest that may be drawn, so many times."""
    data = data_size(config)
    corners = list(space.corners())[: MOST + 1]
    plans = [plan(trial_config(config, values), data) for values in corners]
    if strategy is Strategy.grid:
        usd = sum(made.usd or 0.0 for made in plans)
    else:
        usd = trials * max(made.usd or 0.0 for made in plans)
    longest = max((made.hours.total for made in plans if made.hours), default=0.0)
    cost = SweepCost(trials, parallel, usd, ceil(trials / parallel) * longest, ())
    return replace(cost, problems=tuple(_problems(config, cost, plans)))


def refuse_dear_sweep(cost: SweepCost) -> None:
    """Raise RadimpressError with everything that speaks against starting the sweep."""
    if cost.problems:
        raise RadimpressError(f"the sweep is not started ({cost}): " + "; ".join(cost.problems))


def _problems(config: Config, cost: SweepCost, plans: Sequence[Plan]) -> Iterator[str]:
    ceiling = config.compute.job.max_cost_usd
    if cost.trials > MOST:
        yield f"a tuning job has at most {MOST} trainings: sweep less, or draw some with --trials"
    if cost.usd > ceiling:
        yield (
            f"${cost.usd:,.2f} are above compute.job.max_cost_usd={ceiling:g}, which holds for all "
            "trainings of a sweep together: raise it, sweep less, or draw some with --trials"
        )
    yield from dict.fromkeys(problem for made in plans for problem in made.problems)
