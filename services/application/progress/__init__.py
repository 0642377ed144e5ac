"""Progress: where a filed application stands with review, and its timeline."""
