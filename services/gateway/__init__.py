"""The one address of the site: sessions, limits, pages, and requests passed on to the services. It owns no data."""
