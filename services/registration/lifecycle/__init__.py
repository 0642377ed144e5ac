"""The life of an account: first password, memberships, suspension, reminders, end."""
