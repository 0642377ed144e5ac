"""Commands about payments."""
