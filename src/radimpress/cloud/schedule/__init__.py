"""The pipeline of dvc.yaml as a SageMaker Pipeline, for teams that schedule in AWS."""
