"""A promoted model on a SageMaker endpoint, from wherever the endpoint stands."""
