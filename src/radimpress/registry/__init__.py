"""The model registry: from a fine-tuned checkpoint to a challenger."""
