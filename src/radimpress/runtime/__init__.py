"""What every program here needs to run: errors, roots, whole files, progress, the stage entry.

The lowest layer: it imports nothing else of radimpress.
"""
