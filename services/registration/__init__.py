"""Registration: people, organisations, usage registrations (利用申出), sign-in, tokens, officers' accounts."""
