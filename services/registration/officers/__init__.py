"""Officers' accounts, and changing one's own mail address and password."""
