"""The least that people and machines may do in AWS, from one table of what the code does."""
