"""What the routes of every wing take from the application and from a request."""
