"""Commands of certificates: what review's events make of them, links, the receipt."""
