"""Bodies of requests and answers of decisions."""
