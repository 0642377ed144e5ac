"""Rules of proofs: the signed code, and whether an application is pending."""
