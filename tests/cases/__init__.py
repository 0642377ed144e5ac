"""Tests of findings: each docstring begins with the numbers it answers for."""
