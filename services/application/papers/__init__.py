"""Printed pages: a font with the characters they need, and the list of receipts. Pure: no database, no HTTP."""
