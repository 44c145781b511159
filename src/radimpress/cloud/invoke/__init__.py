"""Asking an endpoint many things at once, patiently and in order."""
