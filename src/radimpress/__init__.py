"""radimpress: from raw radiology reports to a promoted, served impression model."""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("radimpress")
except PackageNotFoundError:  # run from a source tree that was never installed
    __version__ = "0+unknown"

__all__ = ["__version__"]
