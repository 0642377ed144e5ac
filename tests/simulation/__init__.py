"""A simulation of the messaging core: its real code on simulated time, a model of PostgreSQL and the broker's twin."""
