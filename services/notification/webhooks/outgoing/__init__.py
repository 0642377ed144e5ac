"""HTTP to servers of strangers: names resolved once and checked, no redirects, little time, little read."""
