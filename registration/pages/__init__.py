"""What a person's own pages show: their days, the door, texts, their data."""
