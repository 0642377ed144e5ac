"""Samples: what the service looks like, kept minute by minute for two days, for charts of the operators' board."""
