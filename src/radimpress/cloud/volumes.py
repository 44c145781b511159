"""Whose disks take a KMS key of ours."""

import re

# Machines with disks of their own, which AWS encrypts itself and refuses a key for.
LOCAL_DISK = re.compile(r"ml\.(g4dn|g5|g6|g6e|gr6|p4d|p4de|p5|p5e|p5en|[a-z]+\d[a-z]*d[a-z]*)\.")


def volume_key(instance_type: str, kms_key: str | None) -> str | None:
    """The key to ask for the volume of a job's or endpoint's machine; None where it takes none."""
    return None if LOCAL_DISK.match(instance_type) else kms_key
