"""Telling people: mail, in Japanese and English, once each."""
