"""Finding applications: search and lists, saved filters, stays that end, and the export of what was filed."""
