"""Filing: from the draft to the receipt number, and what the filer does with an application afterwards."""
