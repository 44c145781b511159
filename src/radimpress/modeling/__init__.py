"""The model: prompt, tokenization, foundation checkpoints, training, generation."""
