"""Cases: what the officer thinks, what was decided, what is due, where the card is."""
