"""The inbox: the messages of a person, readable after sign-in, and which of them were read."""
