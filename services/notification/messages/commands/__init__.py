"""Commands on messages: make, resend, keep the address book, erase what is old."""
