"""Many applications in one file: templates, readers, the official bulk file, marked answers, exports. Pure."""
