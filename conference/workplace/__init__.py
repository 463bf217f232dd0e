"""Shared by all organisers' pages: doors to the work, the organiser's own clock, and the lists of the first page.

Each room of the site adds its own to these registries while its admin pages are loaded.
"""
