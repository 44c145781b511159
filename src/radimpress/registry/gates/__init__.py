"""The gates between a challenger and its users: one small rule each, a table of them in order."""
