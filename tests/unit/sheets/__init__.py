"""Files with many applications: templates, readers, the official file, marked answers, exports."""
