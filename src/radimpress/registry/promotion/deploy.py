"""`radimpress deploy`: the champion of record to the endpoint, whatever was interrupted before."""

from collections.abc import Sequence
from dataclasses import dataclass

from radimpress.config.schema import Config
from radimpress.registry.ledger.ledger import Ledger
from radimpress.registry.promotion.outage import answering
from radimpress.registry.promotion.promote import accepted
from radimpress.registry.promotion.settle import settle
from radimpress.registry.promotion.standing import refuse_damage, refuse_drift, stand
from radimpress.registry.promotion.targets import Target
from radimpress.registry.versions import Version
from radimpress.runtime.errors import next_step
from radimpress.tracking.store import open_store

MOVES = 5  # champions that may come while one is deployed, before somebody should look


@dataclass(frozen=True, slots=True)
class DeployedChampion:
    """What serves now, and what each target said."""

    number: str
    finished: bool  # whether an interrupted promotion or rollback was carried out first
    served: tuple[str, ...]


def deploy_champion(config: Config, targets: Sequence[Target]) -> DeployedChampion:
    """Bring every target to the champion of the ledger.

    An unfinished promotion or rollback is finished first, with all that belongs to it. Where a
    target refuses the champion of a finished one, nothing moves: the target serves what it served,
    and the error says so. Raises RadimpressError for that, for a damaged ledger, an alias moved by
    hand, and where there is no champion.
    """
    ledger = Ledger(open_store(config.tracking), config.tracking.registered_model)
    with answering(ledger.store):
        refuse_damage(stand(ledger))
        done = settle(ledger, targets)
        if done:
            return DeployedChampion(
                accepted(done, done.head).head.to_version or "none", True, done.served
            )
        for _ in range(MOVES):
            champion, head = _champion(ledger)
            served = tuple(target.serve(champion) for target in targets)
            if _champion(ledger)[1] == head:  # else somebody promoted while this one was deployed
                return DeployedChampion(champion.number, False, served)
        raise next_step(
            f"the champion moved {MOVES} times during the deployment",
            "wait until nobody else promotes, and run again",
        )


def _champion(ledger: Ledger) -> tuple[Version, str]:
    """The champion of record, and the digest of the entry that made it so."""
    standing = stand(ledger)
    refuse_drift(standing)
    head = standing.chain.head
    if head is None or standing.champion is None:
        raise next_step(
            f"{ledger.name} has no champion of record", "give it one: radimpress promote"
        )
    return standing.champion, head.digest
