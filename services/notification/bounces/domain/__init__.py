"""Rules of bounces: what a report says, and what follows from its status code."""
