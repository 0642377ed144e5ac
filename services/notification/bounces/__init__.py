"""Bounces: reports that a mail which the relay had accepted did not arrive, from a mailbox and from mail providers."""
