"""Backups: one format for both databases (docs/decisions/0014), written while the site runs, and restored anywhere."""
