from radimpress.cloud.account.patience import ATTEMPTS, READ_S, quick
from radimpress.cloud.session import Session


def test_a_check_gives_up_soon(session: Session) -> None:
    settings = quick(session, "s3").meta.config
    assert settings.read_timeout == READ_S <= 10
    assert settings.retries["total_max_attempts"] == ATTEMPTS == 2
    assert quick(session, "s3") is quick(session, "s3")
