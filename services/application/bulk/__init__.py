"""Imports: files with many applications, read, checked and filed in the background, each row once."""
