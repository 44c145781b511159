"""ROUGE, clinical labels and factuality, significance, slices. Imports no torch or mlflow."""
