"""The program: what the public reads."""
