"""Changes to a registration's life: one function for each thing that people and organisers do."""
