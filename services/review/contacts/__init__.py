"""Messages about a case that did not arrive and must be known: an officer informs the person in another way."""
