import pytest

from radimpress.config.load import compose
from radimpress.config.privacy import may_log_text, text_is_public


@pytest.mark.parametrize(
    ("overrides", "public", "logged"),
    [
        (["data=synthetic"], True, True),
        (["data=synthetic", "tracking.log_text=false"], True, False),
        (["data=synthetic", "data.access=private"], False, False),
        (["data=mimic_cxr"], False, False),
    ],
)
def test_text_is_logged_only_of_a_corpus_that_says_it_is_public(
    overrides, public, logged, root, monkeypatch
):
    monkeypatch.chdir(root)
    config = compose(overrides)
    assert text_is_public(config) is public
    assert may_log_text(config) is logged
