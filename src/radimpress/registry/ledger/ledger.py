"""The ledger of promotions and rollbacks, kept with the registry, append-only and hash-chained.

The entries are the versions of a registered model `NAME-ledger`: the server numbers them one after
another, whoever writes, and everybody on the server sees them. The text and the digest of an entry
stand in its tags, a sentence for people in its description; its source is the model version that
the entry is about, because a server takes no other source that is no file of its own.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from radimpress.registry.ledger.chain import Chain, Mark, Record, read_chain
from radimpress.registry.ledger.entry import Draft, Entry, canonical, seal, sentence
from radimpress.registry.versions import CHAMPION, find, is_absent
from radimpress.runtime.errors import RadimpressError, next_step
from radimpress.tracking.lineage import PREFIX
from radimpress.tracking.store import Store

if TYPE_CHECKING:
    from mlflow.entities.model_registry import ModelVersion

TEXT = f"{PREFIX}entry"
DIGEST = f"{PREFIX}digest"
SETTLED = f"{PREFIX}settled"
HEAD = f"{PREFIX}ledger_head"  # noted on the registered model and on the champion's version
ATTEMPTS = 5
PAGE = 1000
ABOUT = """\
Who made which version champion, when and why: written by `radimpress promote` and `rollback`, read
by `radimpress history`, which checks the chain of digests. Edit and delete nothing here.
"""


class OvertakenError(RadimpressError):
    """Somebody else wrote to the ledger first."""


class Ledger:
    """The ledger of one registered model."""

    def __init__(self, store: Store, name: str) -> None:
        self.store, self.name, self.model = store, name, f"{name}-ledger"

    def entries(self) -> list[Entry]:
        """The entries that count, oldest first."""
        return list(self.read().entries)

    def check(self) -> list[str]:
        """What was changed or lost, and accepted by nobody; empty where all is sound."""
        return list(self.read().problems)

    def read(self) -> Chain:
        """The chain as it stands now."""
        records = [
            Record(
                number=int(found.version),
                text=str(found.tags.get(TEXT, "")),
                digest=str(found.tags.get(DIGEST, "")),
                settled=SETTLED in found.tags,
            )
            for found in self._versions()
        ]
        return read_chain(self.name, records, self._marks())

    def append(self, draft: Draft, expected_head: Entry | None) -> Entry:
        """Write `draft` behind `expected_head`: the moment from which a promotion counts.

        Raises OvertakenError where another entry got there first. The answer of the server is not
        what decides (it may have been lost, or asked for twice): the chain read afterwards is.
        """
        from mlflow.exceptions import MlflowException

        expected = expected_head.digest if expected_head else ""
        self._make()
        failure: MlflowException | None = None
        for _ in range(ATTEMPTS):
            chain = self.read()
            head = chain.head
            if (head.digest if head else "") != expected:
                raise _overtaken(head)
            entry = seal(draft, chain.highest + 1, expected)
            try:
                self._write(entry)
            except MlflowException as error:
                failure = error
            if any(counted.digest == entry.digest for counted in self.read().entries):
                return entry
        if failure:
            raise failure
        raise next_step(
            f"{ATTEMPTS} entries for {self.model} came too late, one after another",
            "wait until nobody else promotes, and run again",
        )

    def settle(self, entry: Entry, time: str) -> None:
        """Note that `entry` was carried out."""
        self.store.client.set_model_version_tag(self.model, str(entry.sequence), SETTLED, time)

    def note_head(self, entry: Entry) -> None:
        """Note the head on the registered model and on the version that is champion by it."""
        client = self.store.client
        client.set_registered_model_tag(self.name, HEAD, str(Mark.of(entry)))
        if entry.to_version:
            client.set_model_version_tag(self.name, entry.to_version, HEAD, str(Mark.of(entry)))

    def _write(self, entry: Entry) -> None:
        about = entry.to_version or entry.from_version
        made = self.store.client.create_model_version(
            self.model,
            f"models:/{self.name}/{about}",
            tags={TEXT: canonical(entry), DIGEST: entry.digest},
            description=sentence(entry),
            await_creation_for=0,
        )
        if int(made.version) != entry.sequence:
            void = f"VOID, another entry came first: {sentence(entry)}"
            self.store.client.update_model_version(self.model, str(made.version), description=void)

    def _make(self) -> None:
        from mlflow.exceptions import MlflowException

        try:
            self.store.client.create_registered_model(self.model, description=ABOUT)
        except MlflowException as error:
            if error.error_code != "RESOURCE_ALREADY_EXISTS":
                raise

    def _versions(self) -> Iterator["ModelVersion"]:
        page = None
        while True:
            found = self.store.client.search_model_versions(
                f"name = '{self.model}'", max_results=PAGE, page_token=page
            )
            yield from found
            page = found.token
            if not page:
                return

    def _marks(self) -> Iterator[Mark]:
        from mlflow.exceptions import MlflowException

        try:
            model = self.store.client.get_registered_model(self.name)
        except MlflowException as error:
            if is_absent(error):
                return
            raise
        champion = find(self.store, self.name, CHAMPION)
        for tags in (model.tags, champion.tags if champion else {}):
            if mark := Mark.read(tags.get(HEAD, "")):
                yield mark


def _overtaken(head: Entry | None) -> OvertakenError:
    if head is None:
        problem = "the ledger was emptied at the same time"
    else:
        verb = "promoted" if head.action == "promote" else "rolled back to"
        problem = (
            f"somebody else moved the champion at the same time: {head.who} {verb} version "
            f"{head.to_version or 'none'} (entry {head.sequence})"
        )
    step = "look at `radimpress history` and run again; nothing of yours was moved"
    return OvertakenError(str(next_step(problem, step)))
