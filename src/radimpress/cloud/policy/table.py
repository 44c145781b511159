"""Every IAM action that radimpress needs, in one table.

`radimpress cloud policy` writes it out, and tests/cloud/policy/test_table.py holds every AWS
operation in `radimpress.cloud` against it. Which actions know no resource is taken from AWS's
Service Authorization Reference.
"""

from collections.abc import Collection, Iterator

from radimpress.cloud.policy import account_actions as account
from radimpress.cloud.policy import caretaker_actions as caretaker
from radimpress.cloud.policy import sagemaker_actions as sagemaker
from radimpress.cloud.policy.action import Action, Only, Who

ACTIONS: tuple[Action, ...] = (
    *(*account.DATA, *account.BUCKET, *account.ACCOUNT),
    *(*sagemaker.JOBS, *sagemaker.ENDPOINTS, *sagemaker.LOGS, *sagemaker.IMAGES),
    *(*account.KEY, *account.NETWORK, *account.QUICKSIGHT, *account.RESULTS, *sagemaker.MLFLOW),
    *(*caretaker.LOOKING, *caretaker.TAKING_DOWN),
)


def operations(who: Who) -> frozenset[str]:
    """Every operation, as "service:Operation", that the table lets `who` do."""
    return frozenset(name for one in ACTIONS if who in one.who for name in one.operations)


def needed(who: Who, options: Collection[Only]) -> Iterator[Action]:
    """The actions of `who`, those of `options` included, in the order of the table."""
    return (one for one in ACTIONS if who in one.who and one.only in {Only.always, *options})
