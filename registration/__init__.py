"""People and places: sign-up and all that follows."""
