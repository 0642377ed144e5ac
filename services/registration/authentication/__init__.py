"""Proof of identity: passwords, sessions, second factors, passkeys, the identity provider, signing keys."""
