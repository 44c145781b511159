"""The systems that need no model: constant, lead, retrieval."""
