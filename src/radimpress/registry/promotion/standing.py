"""Where the ledger and the registry stand, and whether they tell the same story."""

from dataclasses import dataclass

from radimpress.registry.ledger.chain import Chain
from radimpress.registry.ledger.ledger import Ledger
from radimpress.registry.versions import Version, champion
from radimpress.runtime.errors import next_step

ACCEPT = "radimpress rollback --to VERSION --reason TEXT, which records that this was seen"


@dataclass(frozen=True, slots=True)
class Standing:
    """The ledger as read, and the version that alias `champion` stands at."""

    chain: Chain
    champion: Version | None

    @property
    def drift(self) -> str:
        """How the alias differs from a head that was carried out; "" where it does not."""
        head = self.chain.head
        alias = self.champion.number if self.champion else None
        if head is None or self.chain.unfinished or alias == head.to_version:
            return ""
        seen = f"is version {alias}" if alias else "is gone"
        meant = f"version {head.to_version}" if head.to_version else "that there is none"
        return (
            f"alias champion {seen}, and entry {head.sequence} of the ledger says {meant}: "
            "somebody moved it outside radimpress"
        )


def stand(ledger: Ledger) -> Standing:
    """Read both."""
    return Standing(ledger.read(), champion(ledger.store, ledger.name))


def refuse_damage(standing: Standing) -> None:
    """Raise RadimpressError where the ledger was changed or lost entries."""
    if problems := standing.chain.problems:
        more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        raise next_step(
            f"the ledger of promotions is damaged: {problems[0]}{more}",
            f"see `radimpress history`, find out who did it, then {ACCEPT}",
        )


def refuse_drift(standing: Standing) -> None:
    """Raise RadimpressError where somebody moved the alias by hand."""
    if standing.drift:
        head = standing.chain.head
        undo = f"--to {head.to_version}" if head and head.to_version else ""
        here = f"--to {standing.champion.number}" if standing.champion else ""
        choices = " or ".join(
            text
            for text in (
                f"`radimpress rollback {undo} --reason TEXT` puts it back" if undo else "",
                f"`radimpress rollback {here} --reason TEXT` records it as it is" if here else "",
            )
            if text
        )
        raise next_step(standing.drift, choices or "give it a champion by `radimpress promote`")
