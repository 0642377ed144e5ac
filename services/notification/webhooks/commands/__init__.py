"""Commands on webhooks, their messages and their log."""
