"""Code that every service uses; nothing that only one of them needs."""
