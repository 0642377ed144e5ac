"""The rules of an application: its form, what makes it complete, what may be filed when, what its progress is."""
