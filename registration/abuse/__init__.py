"""What keeps the forms from being turned against people: limits and traps."""
