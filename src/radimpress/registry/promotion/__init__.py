"""From challenger to champion and back: the decision, the move, the servers, the record."""
