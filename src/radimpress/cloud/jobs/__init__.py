"""Stages of the pipeline as SageMaker jobs: found again or started, followed, brought back."""
