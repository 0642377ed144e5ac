"""Rules of batches and of counter visits."""
