"""Configuration: the dataclass schema, the cross-field rules, the one loader, the fingerprint."""
