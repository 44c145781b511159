"""From a fine-tuned checkpoint and its scores to runs and a challenger: the stage `register`."""
