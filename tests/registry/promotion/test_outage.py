import errno

import pytest
import requests
from mlflow.exceptions import MlflowException

from radimpress.registry.promotion.outage import answering
from radimpress.runtime.errors import RadimpressError
from radimpress.tracking.store import Store

STORE = Store("http://me:secret@host:5000", None, None)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (MlflowException("API request failed"), "did not do what it was asked .INTERNAL_ERROR"),
        (MlflowException("(sqlite3) database or disk is full"), "the disk of the MLflow store"),
        (requests.exceptions.ConnectionError("refused"), "does not answer .ConnectionError."),
        (ConnectionResetError(errno.ECONNRESET, "reset"), "does not answer"),
        (OSError(errno.ENOSPC, "No space left on device"), "the disk is full"),
    ],
)
def test_a_store_that_fails_is_one_line_with_the_next_step(error, said):
    with pytest.raises(RadimpressError, match=f"{said}.*; next: run the same command") as caught:
        with answering(STORE):
            raise error
    assert "secret" not in str(caught.value)


def test_other_errors_stay_what_they_are(tmp_path):
    with pytest.raises(FileNotFoundError), answering(STORE):
        (tmp_path / "missing").read_text()
    with pytest.raises(RadimpressError, match="as it was"), answering(STORE):
        raise RadimpressError("as it was")
    with pytest.raises(KeyError), answering(STORE):
        raise KeyError
