"""Rule 4 in one place: may report text leave data/, models/ and reports/predictions/?"""

from radimpress.config.schema import Access, Config


def text_is_public(config: Config) -> bool:
    """Whether the corpus declares itself public; report.html may then show examples."""
    return config.data.access is Access.public


def may_log_text(config: Config) -> bool:
    """Whether MLflow may be given text: a public corpus, and `tracking.log_text` not false."""
    return text_is_public(config) and config.tracking.log_text is not False
