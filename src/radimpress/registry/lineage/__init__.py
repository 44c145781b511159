"""What a version was made from: the walk from an endpoint down to the data, and back."""
