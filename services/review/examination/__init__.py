"""Examination: findings, requests for documents, interviews."""
