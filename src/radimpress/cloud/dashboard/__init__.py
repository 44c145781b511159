"""Results in QuickSight: Parquet in S3, a Glue table over it, data sets and a dashboard."""
