"""The recipients of messages: addresses, colleagues of an organisation, examiners of cases, and the choices of each."""
