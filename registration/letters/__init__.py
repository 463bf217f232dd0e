"""The mails we write: pure functions from loaded objects to a finished message."""
