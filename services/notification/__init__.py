"""Messages to people: email in Japanese and English, once each."""
