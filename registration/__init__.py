"""People and places: sign-up and everything after it."""
