"""What browsers and outside systems call: sessions, limits, pages, one address for all services. Owns no data."""
