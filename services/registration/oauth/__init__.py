"""API clients (external systems) and what they may do: clients, authorisations, tokens (OAuth 2.0)."""
