"""The content of every mail: one function each, which turns an event into the values that its template shows."""
