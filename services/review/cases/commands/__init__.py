"""Commands on a case that belong to no later wing, and the loading that all share."""
