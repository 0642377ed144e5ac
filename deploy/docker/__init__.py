"""Images of the services, and the scripts that run in their builds."""
