"""The one place that opens MLflow runs: model logging, lineage, comparison."""
