"""Tables of batches and counter visits, and their queries."""
