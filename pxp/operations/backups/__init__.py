"""Backups: one format for both databases (docs/decisions/), written while the site runs, and restored anywhere."""
