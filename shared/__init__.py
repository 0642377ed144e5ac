"""What every service uses and nothing that only one does."""
