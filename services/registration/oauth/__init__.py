"""API clients (API clients) and what they may do: clients, authorisations, tokens (OAuth 2.0)."""
