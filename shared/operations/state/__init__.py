"""The state of a service for operators: its checks, outbox, letters, timers, journal and database."""
