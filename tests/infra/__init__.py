"""Real servers for tests: started when the first test of a session asks for one, ended with the session."""
