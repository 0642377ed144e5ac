"""Short messages, as by SMS or LINE: the text, and the port of a provider. No site has one yet."""
