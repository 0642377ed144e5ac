"""Messages: which event leads to which message, for which recipients, and the record of each."""
