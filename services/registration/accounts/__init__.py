"""Accounts, organisations and their categories: what every other wing builds on."""
