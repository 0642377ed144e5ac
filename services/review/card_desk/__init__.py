"""The card office at work on many cases: scanning envelopes, printing and mailing in batches, counter visits."""
