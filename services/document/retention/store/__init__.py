"""Tables of retention and the queries on them, a file for each subject."""
