"""What the gates look at: answers, golden cases, latency, leaks, provenance."""
