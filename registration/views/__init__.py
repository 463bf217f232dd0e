"""Pages of sign-up and of each person."""
