"""Limits and traps, which keep the forms from being turned against people."""
