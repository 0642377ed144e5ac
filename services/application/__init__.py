"""Applications: drafts, the rules of filing, receipt numbers, and the progress that an applicant sees."""
