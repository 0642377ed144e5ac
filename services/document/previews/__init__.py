"""Pages of files as pictures, and search in their text."""
