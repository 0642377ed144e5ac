"""Forms as data: fields, reading, checking and facts of each form in each version. Pure; see docs/application.md."""
