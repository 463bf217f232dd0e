"""People and places: what the public does."""
