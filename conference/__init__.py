"""The program, for the public to read."""
