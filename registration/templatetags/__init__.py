"""Tags of sign-up."""
