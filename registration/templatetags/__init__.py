"""Template tags of sign-up."""
