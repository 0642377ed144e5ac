"""Tests in a real browser (docs/testing.md)."""
