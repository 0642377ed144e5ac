"""Rules of finding: what is wanted, and how a name with a mistake in it is found."""
