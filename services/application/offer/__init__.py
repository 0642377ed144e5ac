"""Forms as everybody may read them: those that are offered, and each with its fields, to build the same form."""
