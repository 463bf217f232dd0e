"""The mails we write: pure functions from loaded objects to a complete message."""
