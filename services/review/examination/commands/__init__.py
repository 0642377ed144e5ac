"""Commands of examination: findings, requests for documents, more time for them, interviews."""
