"""What happened, in order and for good: the append-only, hash-chained log of events."""
