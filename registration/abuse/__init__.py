"""Limits and traps that keep the forms from being abused."""
