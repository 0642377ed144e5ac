"""Operating a service: routes for operators below `/v1/SERVICE/operations`, beside those of the journal.

Every service mounts them (`shared.service`); the board of the gateway shows all services together.
"""
