"""Commands of the card office on many cases, and of applicants on their counter visit."""
