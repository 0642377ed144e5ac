"""The edge of the site: sessions, limits, cookies, and requests passed on to the services."""
