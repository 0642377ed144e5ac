"""Dependencies and field types that the routes of every wing share."""
