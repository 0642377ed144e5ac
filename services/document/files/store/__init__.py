"""Tables of files and the queries on them, a file for each subject."""
