"""Many trainings that differ in some values, side by side: in DVC's queue, or by SageMaker."""
