"""Commands of progress: events of review, card materials, an officer reading."""
