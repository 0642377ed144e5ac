"""Tables and the queries on them, one file for each subject."""
