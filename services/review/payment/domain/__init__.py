"""Rules of payments: slips, online payments, refunds, and the provider's file."""
