"""Certificates as their holders have them: the PDF, links to it for people without an account, the receipt."""
