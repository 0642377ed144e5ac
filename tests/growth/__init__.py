"""Growth of the cost of every statement of requests, events and jobs with the rows of the tables."""
