"""Pages of a person's registration: their days, the door, the words, their data."""
