"""radimpress: from raw radiology reports to a promoted, served impression model."""

__all__ = ["__version__"]


def __getattr__(name: str) -> str:
    """`__version__`, read from the installed metadata when it is asked for: that takes 40 ms."""
    if name != "__version__":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("radimpress")
    except PackageNotFoundError:  # run from a source tree that was never installed
        return "0+unknown"
