"""A request against AWS's own description of it, as far as that goes: what botocore does not check.

botocore checks types, required and unknown members and lower limits, and nothing else: a wrong
enum, a name that AWS's pattern forbids or a list that is too long is sent, and AWS refuses it.
"""

from collections.abc import Iterator
from functools import cache
from typing import Any

import regex
from botocore.model import ServiceModel, Shape
from botocore.validate import ParamValidator

NUMBERS = ("integer", "long", "float", "double")
SIZED = ("string", "list", "map", "blob")
# Java's patterns name the characters above U+FFFF by halves, which Python's do not have.
JAVA_TO_PYTHON = (("\\uD800\\uDC00-\\uDBFF\\uDFFF", "\\U00010000-\\U0010FFFF"), ("\\z", "\\Z"))


def validate(service: str, operation: str, parameters: dict[str, Any]) -> list[str]:
    """Every error of a request, each with the member's path; [] where AWS's description allows it.

    `operation` is as boto3's service model calls it, such as CreateDataSet. What a description
    cannot say (which members go together, what exists) stays unchecked, and so do patterns that
    Python cannot read.
    """
    shape = _service(service).operation_model(operation).input_shape
    if shape is None:
        return [f"unknown parameter {name}" for name in sorted(parameters)]
    report = ParamValidator().validate(parameters, shape)
    told = report.generate_report().splitlines() if report.has_errors() else []
    return told + list(_beyond(parameters, shape, operation))


@cache
def _service(service: str) -> ServiceModel:
    from botocore.session import get_session

    return get_session().get_service_model(service)


def _beyond(value: Any, shape: Shape, name: str) -> Iterator[str]:
    """What botocore leaves out. Values of a wrong type were reported, and are passed over."""
    kind = shape.type_name
    if kind == "structure" and isinstance(value, dict):
        for member, inner in value.items():
            if member in shape.members:
                yield from _beyond(inner, shape.members[member], f"{name}.{member}")
    elif kind == "list" and isinstance(value, list | tuple):
        yield from _size(len(value), shape, name)
        for place, inner in enumerate(value):
            yield from _beyond(inner, shape.member, f"{name}[{place}]")
    elif kind == "map" and isinstance(value, dict):
        yield from _size(len(value), shape, name)
        for key, inner in value.items():
            yield from _beyond(key, shape.key, f"{name} (key {key!r})")
            yield from _beyond(inner, shape.value, f"{name}.{key}")
    elif kind == "string" and isinstance(value, str):
        yield from _text(value, shape, name)
    elif kind == "blob" and isinstance(value, bytes | bytearray | str):
        yield from _size(len(value), shape, name)
    elif kind in NUMBERS and isinstance(value, int | float) and not isinstance(value, bool):
        yield from _size(value, shape, name)


def _text(value: str, shape: Shape, name: str) -> Iterator[str]:
    yield from _size(len(value), shape, name)
    allowed = shape.metadata.get("enum")
    if allowed and value not in allowed:
        shown = ", ".join(allowed[:12]) + (", ..." if len(allowed) > 12 else "")
        yield f"{name} is {value!r}, expected one of {shown}"
    pattern = _compiled(shape.metadata.get("pattern", ""))
    if pattern is not None and not pattern.fullmatch(value):
        yield f"{name} is {value!r}, expected the pattern {shape.metadata['pattern']}"


def _size(size: float, shape: Shape, name: str) -> Iterator[str]:
    """Upper limits: botocore has checked the lower ones, but for lists and maps of plain values."""
    most, least = shape.metadata.get("max"), shape.metadata.get("min")
    what = "length" if shape.type_name in SIZED else "value"
    if most is not None and size > most:
        yield f"{name} has the {what} {size}, expected at most {most}"
    if least is not None and size < least and shape.type_name in ("map", "blob"):
        yield f"{name} has the {what} {size}, expected at least {least}"


@cache
def _compiled(pattern: str) -> "regex.Pattern[str] | None":
    """AWS's (Java's) pattern as Python's; None where there is none or Python cannot read it."""
    for java, python in JAVA_TO_PYTHON:
        pattern = pattern.replace(java, python)
    try:
        return regex.compile(pattern) if pattern else None
    except regex.error:
        return None


def unread_patterns(service: str) -> list[str]:
    """The shapes of a service whose patterns are not checked."""
    model = _service(service)
    shapes = (model.shape_for(name) for name in model.shape_names)
    patterns = ((each.name, each.metadata.get("pattern", "")) for each in shapes)
    return sorted(name for name, pattern in patterns if pattern and _compiled(pattern) is None)
