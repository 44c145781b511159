"""SageMaker JumpStart's own fine-tuning: the reference work's route, for comparison."""
