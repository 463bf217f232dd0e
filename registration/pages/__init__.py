"""What people see of their registration: their days, the door, the words, their data."""
