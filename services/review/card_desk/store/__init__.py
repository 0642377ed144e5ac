"""Tables of batches, and queries on them and on counter visits."""
