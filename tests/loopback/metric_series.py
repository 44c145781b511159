"""Metrics as CloudWatch sees them: one value a period, by statistic or by metric math."""

import ast
import math
import operator
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

Series = dict[int, float]  # by the number of the period since 1970; a gap where nothing was put
Value = float | Series


@dataclass(frozen=True)
class Stat:
    """A statistic of one metric. `dimensions` must be a datum's exactly, as in AWS."""

    namespace: str
    name: str
    dimensions: frozenset[tuple[str, str]]
    statistic: str  # Average, Sum, Minimum, Maximum, SampleCount, p0 to p100
    unit: str | None = None


def stat_series(data: Iterable[Any], stat: Stat, period_s: float, first: int) -> Series:
    """The statistic for each period from `first` on. `data` are moto's data."""
    periods: dict[int, list[Any]] = {}
    for datum in data:
        if datum.name != stat.name or datum.namespace != stat.namespace:
            continue
        if stat.unit and datum.unit != stat.unit:
            continue
        period = math.floor(seconds(datum.timestamp) / period_s)
        named = frozenset((each.name, each.value) for each in datum.dimensions)
        if period >= first and named == stat.dimensions:
            periods.setdefault(period, []).append(datum)
    return {period: _statistic(stat.statistic, each) for period, each in periods.items()}


def seconds(when: datetime) -> float:
    """Seconds since 1970; moto's own times have no zone and are UTC."""
    return when.replace(tzinfo=when.tzinfo or UTC).timestamp()


def _statistic(name: str, data: Sequence[Any]) -> float:
    """A datum is a value, or the sum, count, least and most of many."""
    total = sum(each.value if hasattr(each, "value") else each.sum for each in data)
    count = sum(1.0 if hasattr(each, "value") else each.sample_count for each in data)
    match name:
        case "Sum":
            return float(total)
        case "SampleCount":
            return float(count)
        case "Average":
            return float(total / count)
        case "Minimum":
            return float(min(each.value if hasattr(each, "value") else each.min for each in data))
        case "Maximum":
            return float(max(each.value if hasattr(each, "value") else each.max for each in data))
    values = sorted(each.value for each in data if hasattr(each, "value"))
    if not name.startswith("p") or not values:
        raise ValueError(f"the loopback has no statistic {name} of these data")
    place = math.ceil(float(name[1:]) / 100 * len(values)) - 1
    return float(values[max(place, 0)])


OPERATORS: Mapping[type[ast.AST], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.BitXor: operator.pow,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
}
REDUCED: Mapping[str, Callable[[Sequence[float]], float]] = {
    "SUM": sum,
    "MIN": min,
    "MAX": max,
    "AVG": lambda values: sum(values) / len(values),
}


def evaluate(expression: str, known: Mapping[str, Series], periods: Iterable[int]) -> Series:
    """Metric math: + - * / ^, comparisons, IF, FILL(m, number), SUM, AVG, MIN, MAX, ABS.

    As in AWS, what has no value on one side has none in the result, and so has a division by zero.
    Raises ValueError for what the loopback does not know.
    """
    asked = list(periods)
    tree = ast.parse(expression.replace("&&", " and ").replace("||", " or ").strip(), mode="eval")
    found = _value(tree.body, known, asked)
    return found if isinstance(found, dict) else dict.fromkeys(asked, found)


def _value(node: ast.expr, known: Mapping[str, Series], asked: list[int]) -> Value:
    match node:
        case ast.Constant(value=int() | float() as number):
            return float(number)
        case ast.Name(id=name) if name in known:
            return known[name]
        case ast.UnaryOp(op=ast.USub(), operand=inner):
            return _each(operator.sub, 0.0, _value(inner, known, asked))
        case ast.BinOp(left=left, op=op, right=right) if type(op) in OPERATORS:
            sides = _value(left, known, asked), _value(right, known, asked)
            return _each(OPERATORS[type(op)], *sides)
        case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in OPERATORS:
            sides = _value(left, known, asked), _value(right, known, asked)
            return _each(OPERATORS[type(op)], *sides)
        case ast.BoolOp(op=op, values=[left, right]):
            both = isinstance(op, ast.And)
            sides = _value(left, known, asked), _value(right, known, asked)
            return _each(lambda a, b: (a and b) if both else (a or b), *sides)
        case ast.Call(func=ast.Name(id=name), args=args):
            return _call(name, [_value(each, known, asked) for each in args], asked)
    raise ValueError(f"the loopback's metric math has no {ast.unparse(node)}")


def _call(name: str, values: list[Value], asked: list[int]) -> Value:
    match name, values:
        case "FILL", [dict() as series, float() as number]:
            return {period: series.get(period, number) for period in asked}
        case "ABS", [value]:
            return _each(lambda a, _: abs(a), value, 0.0)
        case "IF", [condition, yes, *no]:
            return _if(condition, yes, no[0] if no else {}, asked)
        case _, [dict() as series] if name in REDUCED:
            return REDUCED[name](list(series.values())) if series else {}
    raise ValueError(f"the loopback's metric math has no {name} of {len(values)} such values")


def _if(condition: Value, yes: Value, no: Value, asked: list[int]) -> Series:
    result: Series = {}
    for period in asked:
        told = _at(condition, period)
        chosen = None if told is None else _at(yes if told else no, period)
        if chosen is not None:
            result[period] = chosen
    return result


def _at(value: Value, period: int) -> float | None:
    return value.get(period) if isinstance(value, dict) else value


def _each(apply: Callable[[float, float], float], left: Value, right: Value) -> Value:
    if not isinstance(left, dict) and not isinstance(right, dict):
        return float(apply(left, right))
    result: Series = {}
    for period in left if isinstance(left, dict) else right if isinstance(right, dict) else ():
        one, other = _at(left, period), _at(right, period)
        if one is not None and other is not None:
            try:
                result[period] = float(apply(one, other))
            except (ZeroDivisionError, OverflowError):
                continue
    return result
