"""A registry that stops answering in the middle of a promotion, said in one line."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager

from radimpress.runtime.errors import next_step
from radimpress.tracking.store import Store, redacted

AGAIN = "run the same command again once that is mended: it finishes what was begun"


@contextmanager
def answering(store: Store) -> Iterator[None]:
    """Turn the failure of a store into one line. Nothing is lost by it: see `settle`."""
    from mlflow.exceptions import MlflowException

    where = redacted(store.uri)
    try:
        yield
    except MlflowException as error:
        if "disk is full" in str(error):
            raise next_step(f"the disk of the MLflow store {where} is full", AGAIN) from error
        raise next_step(
            f"the MLflow store {where} did not do what it was asked ({error.error_code})", AGAIN
        ) from error
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise next_step("the disk is full", AGAIN) from error
        if error.filename is not None:  # a file of ours, no store
            raise
        raise next_step(
            f"the MLflow store {where} does not answer ({type(error).__name__})", AGAIN
        ) from error
