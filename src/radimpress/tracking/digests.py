"""Content hashes, by the names that tags use."""

from radimpress.runtime.digests import file_md5, folder_sha256

__all__ = ["file_md5", "folder_sha256"]
