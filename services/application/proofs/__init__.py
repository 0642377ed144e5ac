"""Proof of a pending application (受付証明): a signed PDF, and its verification by anybody who holds it."""
