"""Rules of the mail channel: which relay is used, and what an answer of a mail server means."""
