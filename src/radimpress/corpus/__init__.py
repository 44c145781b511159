"""Raw corpora: reading, section parsing, cleaning, splitting, leakage checks, the generator.

Imports no torch, transformers or mlflow.
"""
