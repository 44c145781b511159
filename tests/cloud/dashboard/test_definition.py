from radimpress.cloud.dashboard.definition import FACTUALITY, definition
from radimpress.cloud.dashboard.tables import PARTITION, SCORED, TABLES
from radimpress.metrics.catalogue import BY_NAME

ARNS = {"metrics": "arn:aws:quicksight:us-east-1:1:dataset/m", "scores": "arn:...:s"}


def found(node, key):
    """Every value of `key` in a nested request."""
    if isinstance(node, dict):
        for name, value in node.items():
            if name == key:
                yield value
            yield from found(value, key)
    elif isinstance(node, list):
        for item in node:
            yield from found(item, key)


def test_every_column_that_is_shown_or_chosen_is_in_its_table():
    columns = {name: {*schema.names, PARTITION} for name, schema in TABLES.items()}
    seen = list(found(definition(ARNS, "r1"), "Column"))
    assert len(seen) > 20
    for column in seen:
        assert column["ColumnName"] in columns[column["DataSetIdentifier"]]


def test_ids_are_unique_and_every_control_and_layout_has_its_filter_and_visual():
    shown = definition(ARNS, "r1")
    visuals, filters = list(found(shown, "VisualId")), list(found(shown, "FilterId"))
    for ids in (visuals, filters, list(found(shown, "FilterGroupId"))):
        assert len(ids) == len(set(ids))
    assert set(found(shown, "SourceFilterId")) == set(filters)
    assert list(found(shown, "ElementId")) == visuals
    sheets = [sheet["SheetId"] for sheet in shown["Sheets"]]
    scoped = [s["SheetId"] for s in found(shown, "SheetVisualScopingConfigurations") for s in s]
    assert set(scoped) == set(sheets)


def test_the_metrics_it_opens_with_are_metrics_of_the_project():
    assert set(FACTUALITY) <= set(BY_NAME)
    assert set(SCORED) <= set(BY_NAME)


def test_it_opens_at_the_run_that_was_published():
    chosen = [
        f["Filters"][0]["CategoryFilter"]
        for f in definition(ARNS, "r7")["FilterGroups"]
        if f["FilterGroupId"].endswith("-run-group")
    ]
    values = [c["Configuration"]["FilterListConfiguration"]["CategoryValues"] for c in chosen]
    assert values == [["r7"]] * 4
