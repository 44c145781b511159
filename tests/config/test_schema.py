from dataclasses import fields, is_dataclass
from enum import Enum

from radimpress.config import schema


def test_enum_members_are_named_as_they_are_written_in_yaml():
    enums = [
        kind
        for kind in vars(schema).values()
        if isinstance(kind, type) and issubclass(kind, Enum) and kind is not Enum
    ]
    assert len(enums) >= 10
    assert all(member.name == member.value for kind in enums for member in kind)


def test_every_section_of_the_configuration_is_a_dataclass():
    sections = {f.name: f.type for f in fields(schema.Config)}
    assert {"data", "model", "training", "compute", "generation", "evaluation", "tracking"} <= set(
        sections
    )
    assert all(
        is_dataclass(sections[name]) for name in sections if name not in ("conf_digest", "seed")
    )
