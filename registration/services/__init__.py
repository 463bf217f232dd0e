"""What changes the life of a registration: one function for each thing that people and organisers do."""
