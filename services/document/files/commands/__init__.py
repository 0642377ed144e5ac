"""Commands on files, and what an upload needs on its way."""
