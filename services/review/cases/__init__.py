"""Cases: their states and the table of steps, loading and saving, and the end without a decision."""
