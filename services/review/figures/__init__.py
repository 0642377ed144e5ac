"""Figures like those that the agency publishes each month: how many, how long, what waits, when a queue is done."""
