"""The one place that talks to AWS."""
