"""What the dashboard shows, as QuickSight's DashboardVersionDefinition.

Four sheets, as in reports/report.html: scores by system, slices, factuality, and how scores spread
over reports. Run, split and metric are chosen above each sheet.
"""

from dataclasses import dataclass
from typing import Any

from radimpress.cloud.dashboard.tables import PARTITION

METRICS, SCORES = "metrics", "scores"
GRID = 36  # columns of QuickSight's grid
FACTUALITY = (
    "hallucination_rate",
    "omission_rate",
    "contradiction_rate",
    "side_flip_rate",
    "invented_number_rate",
    "unfounded_comparison_rate",
)


@dataclass(frozen=True, slots=True)
class Choice:
    """A drop-down over a column: everything in `first` is chosen when the dashboard opens."""

    name: str
    data_set: str
    column: str
    first: tuple[str, ...] = ()


def definition(data_sets: dict[str, str], run: str) -> dict[str, Any]:
    """The whole dashboard over `data_sets` (identifier to ARN), opened at `run`."""
    sheets = {
        "systems": (
            "Systems",
            [
                _bars("system-scores", "Score of each system, all reports", "system", "metric"),
                _table("system-intervals", "With confidence intervals", ("system", "metric")),
            ],
            [
                *_common("systems", METRICS, run),
                Choice("systems-slice", METRICS, "slice", ("all",)),
                Choice(
                    "systems-metric", METRICS, "metric", ("rouge1", "rouge2", "rougeL", "rougeLsum")
                ),
            ],
        ),
        "slices": (
            "Slices",
            [_pivot("slice-scores", "Score by slice of the test set", "slice", "system")],
            [
                *_common("slices", METRICS, run),
                Choice("slices-metric", METRICS, "metric", ("rougeL",)),
            ],
        ),
        "factuality": (
            "Factuality",
            [
                _bars("error-rates", "Share of reports with an error", "metric", "system"),
                _table("error-intervals", "With confidence intervals", ("metric", "system")),
            ],
            [
                *_common("factuality", METRICS, run),
                Choice("factuality-slice", METRICS, "slice", ("all",)),
                Choice("factuality-metric", METRICS, "metric", FACTUALITY),
            ],
        ),
        "spread": (
            "Spread over reports",
            [_histogram("rouge-spread", "ROUGE-L of single reports", "rougeL")],
            [
                *_common("spread", SCORES, run),
                Choice("spread-system", SCORES, "system", ("finetuned",)),
            ],
        ),
    }
    return {
        "DataSetIdentifierDeclarations": [
            {"Identifier": name, "DataSetArn": arn} for name, arn in data_sets.items()
        ],
        "Sheets": [
            _sheet(key, title, visuals, choices)
            for key, (title, visuals, choices) in sheets.items()
        ],
        "FilterGroups": [
            _filter(choice, key) for key, (_, _, choices) in sheets.items() for choice in choices
        ],
    }


def _common(sheet: str, data_set: str, run: str) -> list[Choice]:
    return [
        Choice(f"{sheet}-run", data_set, PARTITION, (run,)),
        Choice(f"{sheet}-split", data_set, "split", ("test",)),
    ]


def _sheet(
    key: str, title: str, visuals: list[dict[str, Any]], choices: list[Choice]
) -> dict[str, Any]:
    ids = [next(iter(visual.values()))["VisualId"] for visual in visuals]
    return {
        "SheetId": key,
        "Name": title,
        "Visuals": visuals,
        "FilterControls": [
            {
                "Dropdown": {
                    "FilterControlId": f"{choice.name}-control",
                    "Title": choice.column.capitalize(),
                    "SourceFilterId": choice.name,
                    "Type": "MULTI_SELECT",
                }
            }
            for choice in choices
        ],
        "Layouts": [
            {
                "Configuration": {
                    "GridLayout": {
                        "Elements": [
                            {
                                "ElementId": visual,
                                "ElementType": "VISUAL",
                                "ColumnIndex": 0,
                                "ColumnSpan": GRID,
                                "RowIndex": 12 * number,
                                "RowSpan": 12,
                            }
                            for number, visual in enumerate(ids)
                        ]
                    }
                }
            }
        ],
    }


def _filter(choice: Choice, sheet: str) -> dict[str, Any]:
    return {
        "FilterGroupId": f"{choice.name}-group",
        "CrossDataset": "SINGLE_DATASET",
        "Status": "ENABLED",
        "ScopeConfiguration": {
            "SelectedSheets": {
                "SheetVisualScopingConfigurations": [{"SheetId": sheet, "Scope": "ALL_VISUALS"}]
            }
        },
        "Filters": [
            {
                "CategoryFilter": {
                    "FilterId": choice.name,
                    "Column": _column(choice.column, choice.data_set),
                    "Configuration": {
                        "FilterListConfiguration": {
                            "MatchOperator": "CONTAINS",
                            "CategoryValues": list(choice.first),
                        }
                    },
                }
            }
        ],
    }


def _bars(name: str, title: str, category: str, colour: str) -> dict[str, Any]:
    wells = {
        "Category": [_dimension(name, category)],
        "Values": [_measure(name, "value")],
        "Colors": [_dimension(name, colour)],
    }
    return {
        "BarChartVisual": _titled(name, title)
        | {
            "ChartConfiguration": {
                "FieldWells": {"BarChartAggregatedFieldWells": wells},
                "Orientation": "HORIZONTAL",
                "BarsArrangement": "CLUSTERED",
            }
        }
    }


def _table(name: str, title: str, groups: tuple[str, ...]) -> dict[str, Any]:
    wells = {
        "GroupBy": [_dimension(name, group) for group in groups],
        "Values": [_measure(name, each) for each in ("value", "low", "high", "reports")],
    }
    return {
        "TableVisual": _titled(name, title)
        | {"ChartConfiguration": {"FieldWells": {"TableAggregatedFieldWells": wells}}}
    }


def _pivot(name: str, title: str, row: str, column: str) -> dict[str, Any]:
    wells = {
        "Rows": [_dimension(name, row)],
        "Columns": [_dimension(name, column)],
        "Values": [_measure(name, "value"), _measure(name, "reports")],
    }
    return {
        "PivotTableVisual": _titled(name, title)
        | {"ChartConfiguration": {"FieldWells": {"PivotTableAggregatedFieldWells": wells}}}
    }


def _histogram(name: str, title: str, column: str) -> dict[str, Any]:
    wells = {"Values": [_measure(name, column, SCORES, None)]}
    return {
        "HistogramVisual": _titled(name, title)
        | {"ChartConfiguration": {"FieldWells": {"HistogramAggregatedFieldWells": wells}}}
    }


def _titled(name: str, title: str) -> dict[str, Any]:
    return {
        "VisualId": name,
        "Title": {"Visibility": "VISIBLE", "FormatText": {"PlainText": title}},
    }


def _column(name: str, data_set: str = METRICS) -> dict[str, str]:
    return {"DataSetIdentifier": data_set, "ColumnName": name}


def _dimension(visual: str, column: str) -> dict[str, Any]:
    return {
        "CategoricalDimensionField": {"FieldId": f"{visual}.{column}", "Column": _column(column)}
    }


def _measure(
    visual: str, column: str, data_set: str = METRICS, by: str | None = "AVERAGE"
) -> dict[str, Any]:
    """A number; where one row stands for a bar, its average is the number itself."""
    field: dict[str, Any] = {"FieldId": f"{visual}.{column}", "Column": _column(column, data_set)}
    if by:
        field["AggregationFunction"] = {"SimpleNumericalAggregation": by}
    return {"NumericalMeasureField": field}
