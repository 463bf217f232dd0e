"""Services: one function for each thing that people and organisers do."""
