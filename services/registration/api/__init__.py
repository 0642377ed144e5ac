"""HTTP routes of registration, one file for each subject."""
