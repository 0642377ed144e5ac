"""Rules of webhooks: addresses, secrets and signatures, retries, and what a record shows of an answer."""
