"""Who moved the champion, when and why: append-only, hash-chained, kept with the registry."""
