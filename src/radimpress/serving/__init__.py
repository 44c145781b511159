"""A promoted model over HTTP: the SageMaker container contract and the page."""
